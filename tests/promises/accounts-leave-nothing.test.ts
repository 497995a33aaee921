import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test, vi } from 'vitest'
import { SIGN_IN_PAGES, signInPath } from '../../src/core/api/sign-in-results.ts'
import type { ConfigInput } from '../../src/server/config/schema.ts'
import { makeKeys } from '../../src/server/commands/make-keys.ts'
import { createRootKeyFile } from '../../src/server/keys/root-key.ts'
import { lyingProvider } from '../server/portal/support/lying-provider.ts'
import { freePort } from '../support/free-port.ts'
import { mutationArgs } from './mutations/mutation-args.ts'
import { waitMs } from './wait.ts'

vi.setConfig({ testTimeout: 180_000 + 3 * waitMs })

const program = fileURLToPath(new URL('../../src/server/main.ts', import.meta.url))
/** Folder and address of a portal in a process of its own. */
async function startPortal(provider: object) {
  const folder = await mkdtemp(join(tmpdir(), 'zegel-accounts-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const port = await freePort()
  const input: ConfigInput = {
    organisations: [{ id: 'example', name: 'Example', domains: ['example.com'] }],
    portal: {
      url: `http://localhost:${port}`,
      listen: `127.0.0.1:${port}`,
      providers: [provider as never],
    },
    store: { url: `sqlite:${join(folder, 'zegel.db')}` },
  }
  for (const role of ['gateway', 'portal']) await createRootKeyFile(join(folder, `${role}.key`))
  const pinned = await makeKeys(folder, input, Date.now)
  await writeFile(join(folder, 'zegel.yaml'), JSON.stringify(pinned))
  const config = join(folder, 'zegel.yaml')
  const node = [...mutationArgs(), '--heapsnapshot-signal=SIGUSR2']
  const args = [...node, program, 'serve', '--role', 'portal']
  const child = spawn(process.execPath, [...args, '--config', config], {
    cwd: folder,
    env: { ...process.env, SECRET: 'x' },
  })
  onTestFinished(async () => {
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  })
  let log = ''
  child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()))
  await once(child.stdout, 'data')
  return { folder, child, url: `http://localhost:${port}`, log: () => log }
}

/** The portal's heap after a full collection, which taking a snapshot begins with. */
async function heapOf(folder: string, kill: () => void): Promise<string> {
  kill()
  for (;;) {
    const name = (await readdir(folder)).find(each => each.endsWith('.heapsnapshot'))
    const text = name === undefined ? '' : await readFile(join(folder, name), 'utf8')
    if (text.trimEnd().endsWith('}')) return text
    await pause(200)
  }
}

test('after a sign-in no token, no code and no address of the account is in memory, database, files or log', async () => {
  const provider = await lyingProvider()
  const said: string[] = []
  provider.lies.claims = { sub: 'SUBJECT-CANARY-7f3a', email: 'address-canary-7f3a@example.net' }
  provider.lies.token = async claims => {
    const token = await provider.sign(claims)
    said.push(token)
    return token
  }
  const portal = await startPortal(provider.settings('liar'))
  const start = { provider: 'liar', organisation: 'example', page: 'read' } as const
  const path = signInPath({ ...start, privateComputer: false, prompt: 'usual' })
  const started = await fetch(`${portal.url}${path}`, { redirect: 'manual' })
  const location = new URL(started.headers.get('location') ?? '')
  const cookie = started.headers.getSetCookie().map(line => line.split(';')[0])
  const back = new URL(location.searchParams.get('redirect_uri') ?? '')
  const code = provider.issueCode(location)
  back.searchParams.set('code', code)
  back.searchParams.set('state', location.searchParams.get('state') ?? '')
  back.searchParams.set('iss', provider.issuer)
  const finished = await fetch(back, { redirect: 'manual', headers: { cookie: cookie.join('; ') } })
  expect(finished.headers.get('location')).toBe(
    `${SIGN_IN_PAGES.read}#sign-in=proven&provider=liar`,
  )
  await pause(waitMs) // protocol.md §6: gone once the request is over
  const heap = await heapOf(portal.folder, () => portal.child.kill('SIGUSR2'))
  expect(heap).toContain(provider.issuer)
  const names = (await readdir(portal.folder)).filter(name => !name.endsWith('.heapsnapshot'))
  const files = await Promise.all(names.map(name => readFile(join(portal.folder, name), 'latin1')))
  const kept = [heap, ...files, portal.log()].join('\n')
  const [token = ''] = said
  const canaries = [code, 'ACCESS-CANARY', token, token.split('.')[2] ?? '']
  for (const canary of [...canaries, 'SUBJECT-CANARY-7f3a', 'address-canary-7f3a'])
    expect(`${canary.slice(0, 20)}: ${kept.includes(canary)}`).toBe(`${canary.slice(0, 20)}: false`)
})
