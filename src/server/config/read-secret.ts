import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Environment } from './environment.ts'
import { MAX_SECRET_BYTES } from './limits.ts'

export type SecretErrorCode = 'missing' | 'readable-by-others' | 'too-large' | 'unreadable'

/** The message is one line: what is wrong and what to do. It never holds the secret. */
export class SecretError extends Error {
  override readonly name = 'SecretError'
  readonly code: SecretErrorCode

  constructor(code: SecretErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/**
 * The text of a secret, without the line end of a file: `file:PATH` (readable by its owner alone), `env:NAME`,
 * `credential:NAME` (systemd). A hash `scrypt:…`, which gateway.users may hold, is itself.
 *
 * @throws SecretError
 */
export async function readSecret(reference: string, environment: Environment): Promise<string> {
  if (reference.startsWith('scrypt:')) return reference
  const bytes = await readSecretBytes(reference, environment)
  return Buffer.from(bytes)
    .toString('utf8')
    .replace(/\r?\n$/, '')
}

/**
 * The bytes of a secret, as they are.
 *
 * @throws SecretError
 */
export async function readSecretBytes(
  reference: string,
  environment: Environment,
): Promise<Uint8Array> {
  const colon = reference.indexOf(':')
  const name = reference.slice(colon + 1)
  switch (reference.slice(0, colon)) {
    case 'file':
      return readPrivateFile(name)
    case 'env':
      return readVariable(name, environment)
    case 'credential':
      return readCredential(name, environment)
    default:
      throw new SecretError('missing', 'write file:PATH, env:NAME or credential:NAME')
  }
}

/**
 * A file that nobody but its owner can read.
 *
 * @throws SecretError `readable-by-others` and the others
 */
export function readPrivateFile(path: string): Promise<Uint8Array> {
  return readSmallFile(path, true)
}

function readVariable(name: string, environment: Environment): Uint8Array {
  const value = environment[name]
  if (value === undefined || value === '')
    throw new SecretError('missing', `the environment has no ${name}: set it`)
  return Buffer.from(value, 'utf8')
}

/** https://systemd.io/CREDENTIALS/ */
async function readCredential(name: string, environment: Environment): Promise<Uint8Array> {
  const folder = environment['CREDENTIALS_DIRECTORY']
  if (!folder)
    throw new SecretError(
      'missing',
      `credential ${name}: not started by systemd with credentials: add LoadCredential=${name}:PATH to the unit`,
    )
  if (!/^[\w.-]+$/.test(name) || /^\.+$/.test(name))
    throw new SecretError('missing', `credential ${name}: not a name of a credential`)
  return readSmallFile(join(folder, name), false)
}

/** One open file is checked and read, so nobody can put another in its place between the two. */
async function readSmallFile(path: string, ownerOnly: boolean): Promise<Uint8Array> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw cannotOpen(path, cause)
  })
  try {
    const stats = await file.stat()
    const { mode, size } = stats
    if (!stats.isFile()) throw new SecretError('unreadable', `${path} is no file`)
    if (ownerOnly && process.platform !== 'win32' && (mode & 0o077) !== 0)
      throw new SecretError(
        'readable-by-others',
        `${path} can be read by others than its owner: chmod 600 ${path}`,
      )
    if (size > MAX_SECRET_BYTES)
      throw new SecretError('too-large', `${path} is larger than 64 KiB: this is another file`)
    return new Uint8Array(await file.readFile())
  } finally {
    await file.close()
  }
}

function cannotOpen(path: string, cause: unknown): SecretError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  if (code === 'ENOENT')
    return new SecretError(
      'missing',
      `${path}: there is no such file: put it there, or name another`,
    )
  const advice = code === 'EACCES' ? ': chown it to the user that runs Zegel' : ''
  return new SecretError('unreadable', `${path} cannot be read (${String(code)})${advice}`, {
    cause,
  })
}
