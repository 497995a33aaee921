import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto'
import { open } from 'node:fs/promises'
import { promisify } from 'node:util'
import type { Environment } from '../config/environment.ts'
import { readPrivateFile, readSecret, readSecretBytes } from '../config/read-secret.ts'
import type { KeyPurpose } from '../store/store.ts'
import { KeyError } from './key-error.ts'
import { MIN_PASSPHRASE_CHARACTERS, SECRET_BYTES } from './limits.ts'

/** What a wrapped key is bound to: it opens as nothing else. */
export interface Binding {
  readonly id: string
  readonly purpose: KeyPurpose
  /** Empty for what belongs to the installation. */
  readonly organisationId: string
}

/** Wraps the keys of one role. The gateway and the portal each have their own. protocol.md §0 */
export interface RootKey {
  wrap(secret: Uint8Array, binding: Binding): Uint8Array
  /** @throws KeyError `wrong-root-key` for what another root key wrapped, or wrapped as something else */
  unwrap(wrapped: Uint8Array, binding: Binding): Uint8Array
}

/** Where the salt of a passphrase stands: beside the keys that it wraps, once for every node. */
export interface SaltStore {
  /** The salt of this installation and role; the given one when there is none yet. */
  settle(fresh: Uint8Array): Promise<Uint8Array>
}

/**
 * The root key that the configuration names: `file:PATH` (32 bytes, readable by its owner alone),
 * `credential:NAME` (32 bytes, systemd), `passphrase-file:PATH`, `passphrase-env:NAME`.
 *
 * @throws SecretError when it cannot be read, KeyError `bad-root-key` when it is none
 */
export async function openRootKey(
  reference: string,
  environment: Environment,
  salts: SaltStore,
): Promise<RootKey> {
  const colon = reference.indexOf(':')
  const name = reference.slice(colon + 1)
  switch (reference.slice(0, colon)) {
    case 'file':
      return rootKeyFrom(await readPrivateFile(name), name)
    case 'credential':
      return rootKeyFrom(await readSecretBytes(reference, environment), reference)
    case 'passphrase-file':
      return rootKeyOf(await readSecret(`file:${name}`, environment), salts)
    case 'passphrase-env':
      return rootKeyOf(await readSecret(`env:${name}`, environment), salts)
    default:
      throw new KeyError(
        'bad-root-key',
        'write file:PATH, passphrase-file:PATH, passphrase-env:NAME or credential:NAME',
      )
  }
}

/**
 * Writes a new root key that its owner alone can read.
 *
 * @throws KeyError `already-there`: a root key is never written over
 */
export async function createRootKeyFile(path: string): Promise<void> {
  const file = await open(path, 'wx', 0o600).catch((cause: unknown) => {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause
    const message = `${path} is there already: it may wrap keys, so it is not written over`
    throw new KeyError('already-there', message, { cause })
  })
  try {
    await file.writeFile(randomBytes(SECRET_BYTES))
    await file.sync()
  } finally {
    await file.close()
  }
}

function rootKeyFrom(bytes: Uint8Array, name: string): RootKey {
  if (bytes.length !== SECRET_BYTES)
    throw new KeyError(
      'bad-root-key',
      `${name} is no root key: ${bytes.length} bytes instead of ${SECRET_BYTES}`,
    )
  return rootKey(bytes)
}

const SCRYPT = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 } as const

async function rootKeyOf(passphrase: string, salts: SaltStore): Promise<RootKey> {
  if (passphrase.length < MIN_PASSPHRASE_CHARACTERS)
    throw new KeyError(
      'bad-root-key',
      `the passphrase of a root key needs at least ${MIN_PASSPHRASE_CHARACTERS} characters`,
    )
  const salt = await salts.settle(randomBytes(16))
  const derive = promisify<string, Uint8Array, number, typeof SCRYPT, Buffer>(scrypt)
  return rootKey(await derive(passphrase.normalize('NFKC'), salt, SECRET_BYTES, SCRYPT))
}

const VERSION = 1
const NONCE_BYTES = 12
const TAG_BYTES = 16
const OPTIONS = { authTagLength: TAG_BYTES } as const

/** `version (1) ‖ nonce (12) ‖ AES-256-GCM ciphertext ‖ tag (16)`; random nonces suffice for a few thousand keys. */
export function rootKey(key: Uint8Array): RootKey {
  return {
    wrap(secret, binding) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, nonce, OPTIONS)
      cipher.setAAD(boundTo(binding))
      const sealed = [cipher.update(secret), cipher.final(), cipher.getAuthTag()]
      return new Uint8Array(Buffer.concat([Uint8Array.of(VERSION), nonce, ...sealed]))
    },
    unwrap(wrapped, binding) {
      try {
        return unwrap(key, wrapped, binding)
      } catch (cause) {
        const message = `the ${binding.purpose} key ${binding.id} was wrapped by another root key: give the program the right one`
        throw new KeyError('wrong-root-key', message, { cause })
      }
    },
  }
}

function unwrap(key: Uint8Array, wrapped: Uint8Array, binding: Binding): Uint8Array {
  if (wrapped[0] !== VERSION || wrapped.length < 1 + NONCE_BYTES + TAG_BYTES)
    throw new RangeError('not a wrapped key of version 1')
  const nonce = wrapped.subarray(1, 1 + NONCE_BYTES)
  const cipher = createDecipheriv('aes-256-gcm', key, nonce, OPTIONS)
  cipher.setAAD(boundTo(binding))
  cipher.setAuthTag(wrapped.subarray(-TAG_BYTES))
  const ciphertext = wrapped.subarray(1 + NONCE_BYTES, -TAG_BYTES)
  return new Uint8Array(Buffer.concat([cipher.update(ciphertext), cipher.final()]))
}

function boundTo({ id, purpose, organisationId }: Binding): Uint8Array {
  return Buffer.from(`zegel.v1 wrapped key\0${purpose}\0${organisationId}\0${id}`, 'utf8')
}
