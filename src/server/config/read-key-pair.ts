import { readFile } from 'node:fs/promises'

/** PEM: a certificate chain and its private key. */
export interface KeyPair {
  readonly certificate: string
  readonly key: string
}

/** Reads both files. @throws what reading a file throws */
export async function readKeyPair(files: KeyPair): Promise<KeyPair> {
  const [certificate, key] = await Promise.all([
    readFile(files.certificate, 'utf8'),
    readFile(files.key, 'utf8'),
  ])
  return { certificate, key }
}
