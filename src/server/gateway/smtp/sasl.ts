/** What a client signs in with. */
export interface Credentials {
  readonly user: string
  readonly password: string
}

/** Asks the client for its next line with a challenge; null when it gave up or sent no base64. */
export type Ask = (challenge: 'empty' | 'user-name' | 'password') => Promise<string | null>

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** AUTH PLAIN (RFC 4616) and LOGIN; `unknown-mechanism` for others, null when cancelled or malformed. */
export async function readCredentials(
  parameters: string,
  ask: Ask,
): Promise<Credentials | 'unknown-mechanism' | null> {
  const [mechanism = '', initial, ...more] = parameters.split(' ')
  if (more.length > 0) return null
  if (/^plain$/i.test(mechanism)) return plain(initial ?? (await ask('empty')))
  if (/^login$/i.test(mechanism)) return login(initial, ask)
  return 'unknown-mechanism'
}

function plain(answer: string | null): Credentials | null {
  const [identity, user, password, ...more] = decode(answer)?.split('\0') ?? []
  if (identity === undefined || user === undefined || password === undefined) return null
  if (more.length > 0 || user === '' || (identity !== '' && identity !== user)) return null
  return { user, password }
}

async function login(initial: string | undefined, ask: Ask): Promise<Credentials | null> {
  const user = decode(initial ?? (await ask('user-name')))
  if (user === null || user === '') return null
  const password = decode(await ask('password'))
  return password === null ? null : { user, password }
}

function decode(text: string | null): string | null {
  if (text === '=') return ''
  if (text === null || !base64.test(text)) return null
  return Buffer.from(text, 'base64').toString('utf8')
}
