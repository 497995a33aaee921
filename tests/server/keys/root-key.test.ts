import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Binding,
  createRootKeyFile,
  openRootKey,
  rootKey,
} from '../../../src/server/keys/root-key.ts'
import { saltStore } from '../../../src/server/keys/own-keys.ts'
import { openStore } from '../../../src/server/store/open-store.ts'

const NO_SALT = { settle: () => Promise.reject(new Error('no salt is needed')) }
const binding: Binding = { id: 'k1', purpose: 'sealing', organisationId: 'example' }

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zegel-root-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('wrapping', () => {
  it('gives back any secret', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), secret => {
        const key = rootKey(randomBytes(32))
        expect(key.unwrap(key.wrap(secret, binding), binding)).toEqual(secret)
      }),
    )
  })

  it('never gives the same bytes twice', () => {
    const key = rootKey(randomBytes(32))
    const secret = randomBytes(32)
    expect(key.wrap(secret, binding)).not.toEqual(key.wrap(secret, binding))
  })

  it('refuses one flipped bit anywhere', () => {
    const key = rootKey(randomBytes(32))
    const wrapped = key.wrap(randomBytes(32), binding)
    for (let bit = 0; bit < wrapped.length * 8; bit += 1) {
      const altered = Uint8Array.from(wrapped)
      altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(() => key.unwrap(altered, binding)).toThrow('wrapped by another root key')
    }
  })

  it('refuses what is cut off, at any byte', () => {
    const key = rootKey(randomBytes(32))
    const wrapped = key.wrap(randomBytes(32), binding)
    for (let length = 0; length < wrapped.length; length += 1)
      expect(() => key.unwrap(wrapped.subarray(0, length), binding)).toThrow('root key')
  })

  it.each([
    ['another id', { ...binding, id: 'k2' }],
    ['another purpose', { ...binding, purpose: 'signing' }],
    ['another organisation', { ...binding, organisationId: 'other' }],
  ] as const)('refuses a key that is put in the place of %s', (_, other) => {
    const key = rootKey(randomBytes(32))
    const wrapped = key.wrap(randomBytes(32), binding)
    expect(() => key.unwrap(wrapped, other)).toThrow('wrapped by another root key')
  })
})

describe('threat: a key file copied', () => {
  it('makes a root key file that its owner alone can read', async () => {
    const path = join(folder, 'made.key')
    await createRootKeyFile(path)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await readFile(path)).toHaveLength(32)
    const key = await openRootKey(`file:${path}`, {}, NO_SALT)
    const secret = new Uint8Array(randomBytes(32))
    expect(key.unwrap(key.wrap(secret, binding), binding)).toEqual(secret)
  })

  it('never writes over a root key', async () => {
    const path = join(folder, 'kept.key')
    await createRootKeyFile(path)
    const before = await readFile(path)
    await expect(createRootKeyFile(path)).rejects.toMatchObject({ code: 'already-there' })
    expect(await readFile(path)).toEqual(before)
  })

  it.each([0o644, 0o640, 0o604, 0o660])(
    'refuses a root key file that others can read (%o) and says chmod 600',
    async mode => {
      const path = join(folder, `open-${mode}.key`)
      await writeFile(path, randomBytes(32))
      await chmod(path, mode)
      await expect(openRootKey(`file:${path}`, {}, NO_SALT)).rejects.toMatchObject({
        code: 'readable-by-others',
        message: `${path} can be read by others than its owner: chmod 600 ${path}`,
      })
    },
  )

  it('keeps wrapped keys useless without the root key', () => {
    const wrapped = rootKey(randomBytes(32)).wrap(randomBytes(32), binding)
    expect(() => rootKey(randomBytes(32)).unwrap(wrapped, binding)).toThrow('another root key')
  })
})

describe('providers', () => {
  it.each([0, 31, 33, 64])('refuse a file of %i bytes', async length => {
    const path = join(folder, `length-${length}.key`)
    await writeFile(path, randomBytes(length), { mode: 0o600 })
    await expect(openRootKey(`file:${path}`, {}, NO_SALT)).rejects.toMatchObject({
      code: 'bad-root-key',
    })
  })

  it('say which file is missing', async () => {
    const path = join(folder, 'missing.key')
    await expect(openRootKey(`file:${path}`, {}, NO_SALT)).rejects.toThrow(
      `${path}: there is no such file`,
    )
  })

  it('take a systemd credential', async () => {
    await writeFile(join(folder, 'portal'), randomBytes(32), { mode: 0o400 })
    const environment = { CREDENTIALS_DIRECTORY: folder }
    await expect(openRootKey('credential:portal', environment, NO_SALT)).resolves.toBeDefined()
    await expect(openRootKey('credential:portal', {}, NO_SALT)).rejects.toThrow('LoadCredential')
    await expect(openRootKey('credential:../x', environment, NO_SALT)).rejects.toThrow(
      'not a name of a credential',
    )
  })

  it('derive the same key from a passphrase on every node, and another for each role', async () => {
    const store = await openStore(`sqlite:${join(folder, 'salt.db')}`)
    const environment = { PASS: 'correct horse battery staple' }
    const open = (role: 'gateway' | 'portal', variables = environment) =>
      openRootKey('passphrase-env:PASS', variables, saltStore(store.organisationKeys, role, 0))
    const secret = new Uint8Array(randomBytes(32))
    const [one, two, other, wrong] = await Promise.all([
      open('portal'),
      open('portal'),
      open('gateway'),
      open('portal', { PASS: 'correct horse battery stapler' }),
    ])
    const wrapped = one.wrap(secret, binding)
    expect(two.unwrap(wrapped, binding)).toEqual(secret)
    expect(() => other.unwrap(wrapped, binding)).toThrow('another root key')
    expect(() => wrong.unwrap(wrapped, binding)).toThrow('another root key')
    await store.close()
  })

  it('take a passphrase from a file with a line end, and refuse a short one', async () => {
    const path = join(folder, 'passphrase')
    const settle = async () => Buffer.alloc(16)
    await writeFile(path, 'correct horse battery staple\n', { mode: 0o600 })
    const fromFile = await openRootKey(`passphrase-file:${path}`, {}, { settle })
    const fromEnvironment = await openRootKey(
      'passphrase-env:PASS',
      { PASS: 'correct horse battery staple' },
      { settle },
    )
    const wrapped = fromFile.wrap(new Uint8Array(3), binding)
    expect(fromEnvironment.unwrap(wrapped, binding)).toEqual(new Uint8Array(3))
    await expect(
      openRootKey('passphrase-env:PASS', { PASS: 'too short' }, { settle }),
    ).rejects.toThrow('at least 16 characters')
  })
})
