// Builds what is published and served: dist/core and dist/server by tsc, dist/browser by Vite.
import { spawnSync } from 'node:child_process'
import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { presentResults, resultsFile } from './promise-sources.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const run = (command, ...args) => {
  const { status } = spawnSync(`${root}node_modules/.bin/${command}`, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, PATH: `${root}node_modules/.bin:${process.env.PATH}` },
  })
  if (status !== 0) process.exit(status ?? 1)
}

const results = presentResults()
rmSync(`${root}dist`, { recursive: true, force: true })
run('tsc', '-b', 'src/server')
run('vite', 'build', '--logLevel', 'warn')
run('vite', 'build', '--logLevel', 'warn', '--config', 'vite.service-worker.config.ts')
cpSync(`${root}src/locales`, `${root}dist/locales`, { recursive: true })
for (const folder of ['server/demo/assets', 'server/portal/icons'])
  cpSync(`${root}src/${folder}`, `${root}dist/${folder}`, { recursive: true })
if (results !== undefined) writeFileSync(resultsFile, results)
