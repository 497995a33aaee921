import { readFile } from 'node:fs/promises'
import { checkKeyPair } from './check-key-pair.ts'

/** PEM: a certificate chain and its private key. */
export interface KeyPair {
  readonly certificate: string
  readonly key: string
}

/** Reads both files. @throws what reading a file throws, and Error for a pair that nobody could connect with */
export async function readKeyPair(files: KeyPair): Promise<KeyPair> {
  const [certificate, key] = await Promise.all([
    readFile(files.certificate, 'utf8'),
    readFile(files.key, 'utf8'),
  ])
  const pair = { certificate, key }
  checkPair(files, pair)
  return pair
}

function checkPair(files: KeyPair, pair: KeyPair): void {
  try {
    checkKeyPair(pair)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`${files.certificate} and ${files.key}: ${why}`, { cause })
  }
}
