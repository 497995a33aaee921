// Watch mode: the browser's part is built anew when its sources change, and the demo restarts after that or when the
// server's part changes.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const watch = (paths, ...run) =>
  spawn(
    `${root}node_modules/.bin/node`,
    [...paths.map(path => `--watch-path=${path}`), '--watch-preserve-output', ...run],
    { cwd: root, stdio: 'inherit' },
  )
const shared = ['src/core', 'src/locales']
const children = [
  watch(['src/browser', ...shared], 'scripts/build-missing.mjs'),
  // The stamp is written when a build is whole.
  watch(['src/server', ...shared, 'dist/.browser-sources'], 'src/server/main.ts', 'demo'),
]
const stop = () => children.forEach(child => child.kill('SIGTERM'))
process.on('SIGINT', stop)
process.on('SIGTERM', stop)
