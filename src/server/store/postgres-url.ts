import type { ClientConfig } from 'pg'
import { StoreError } from './store-error.ts'

/** True for an address that is meant for PostgreSQL. */
export const isPostgresUrl = (url: string): boolean => /^postgres(ql)?:\/\//.test(url)

/**
 * How to connect. Over a network the server must show a valid certificate for its name, unless the address says
 * `sslmode=disable`; what lies between (encrypted, but with anybody) is refused.
 *
 * @throws StoreError `unsupported-url`
 */
export function postgresSettings(url: string, password?: string): ClientConfig {
  const parsed = URL.parse(url)
  if (parsed === null) throw badUrl('write postgres://USER@HOST/DATABASE')
  const mode = parsed.searchParams.get('sslmode')
  if (mode !== null && mode !== 'disable' && mode !== 'verify-full')
    throw badUrl('sslmode is verify-full or disable')
  if (mode === null && !isLocal(parsed)) parsed.searchParams.set('sslmode', 'verify-full')
  if (password !== undefined) parsed.searchParams.set('password', password)
  return { connectionString: parsed.href, application_name: 'zegel', keepAlive: true }
}

/** A socket in the file system (`postgres:///zegel?host=/run/postgresql`) or the loopback network. */
function isLocal({ hostname, searchParams }: URL): boolean {
  const host = searchParams.get('host') ?? decodeURIComponent(hostname)
  return (
    host === '' ||
    host.startsWith('/') ||
    host === 'localhost' ||
    host === '[::1]' ||
    /^127\.\d+\.\d+\.\d+$/.test(host)
  )
}

const badUrl = (what: string): StoreError => new StoreError('unsupported-url', `store.url: ${what}`)
