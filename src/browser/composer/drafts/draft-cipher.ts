import { gcm } from '@noble/ciphers/aes.js'
import { utf8 } from '../../../core/envelope/bytes.ts'
import { fromBase64, toBase64 } from '../../../core/envelope/base64.ts'

/** Seals what is kept of a draft, each record under its own name: one cannot be put in place of another. */
export interface DraftCipher {
  readonly seal: (name: string, plain: Uint8Array<ArrayBuffer>) => Promise<Uint8Array<ArrayBuffer>>
  /** Null for what was not sealed so. */
  readonly open: (
    name: string,
    sealed: Uint8Array<ArrayBuffer>,
  ) => Promise<Uint8Array<ArrayBuffer> | null>
}

const keyBytes = 32
const ivBytes = 12

/** A new key as it stands in sessionStorage. */
export function newDraftKey(): string {
  return toBase64(crypto.getRandomValues(new Uint8Array(keyBytes)))
}

/** @returns null for a text that is no key */
export async function draftCipher(keyText: string): Promise<DraftCipher | null> {
  const raw = fromBase64(keyText)
  if (raw?.length !== keyBytes) return null
  const key = await crypto.subtle.importKey('raw', Uint8Array.from(raw), 'AES-GCM', false, [
    'encrypt',
    'decrypt',
  ])
  return {
    seal: (name, plain) => seal(key, name, plain),
    open: (name, sealed) => open(key, name, sealed),
  }
}

/** What `open` of a cipher of this key opens: at once, for a page that can wait for nothing any more. */
export function sealAtOnce(
  key: Uint8Array,
  name: string,
  plain: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const iv = crypto.getRandomValues(new Uint8Array(ivBytes))
  return withIv(iv, gcm(key, iv, utf8(name)).encrypt(plain))
}

async function seal(
  key: CryptoKey,
  name: string,
  plain: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const iv = crypto.getRandomValues(new Uint8Array(ivBytes))
  const algorithm = { name: 'AES-GCM', iv, additionalData: utf8(name) }
  return withIv(iv, new Uint8Array(await crypto.subtle.encrypt(algorithm, key, plain)))
}

function withIv(iv: Uint8Array, sealed: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(iv.length + sealed.length)
  whole.set(iv)
  whole.set(sealed, iv.length)
  return whole
}

async function open(
  key: CryptoKey,
  name: string,
  sealed: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const iv = sealed.subarray(0, ivBytes)
  const algorithm = { name: 'AES-GCM', iv, additionalData: utf8(name) }
  try {
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, sealed.subarray(ivBytes)))
  } catch {
    return null
  }
}
