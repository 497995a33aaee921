import { readFile } from 'node:fs/promises'
import type { NextHopConfig } from '../config/schema.ts'
import type { RelaySettings } from '../identity/relay-transport.ts'

/** The text behind `file:PATH`, `env:NAME`, `credential:NAME`. */
export type ReadSecret = (reference: string) => Promise<string>

export interface KeyPair {
  /** PEM. */
  readonly certificate: string
  readonly key: string
}

/** @throws what reading a file or a secret throws */
export async function readRelay(
  relay: NextHopConfig,
  readSecret: ReadSecret,
): Promise<RelaySettings> {
  const { host, port, tls, serverName, heloName, ca, clientCertificate, user, password } = relay
  return {
    host,
    port,
    tls,
    serverName,
    heloName,
    ca: ca === '' ? undefined : await readFile(ca, 'utf8'),
    clientCertificate: clientCertificate && (await readKeyPair(clientCertificate)),
    credentials:
      user === '' || !password ? undefined : { user, password: await readSecret(password) },
  }
}

export async function readKeyPair(files: KeyPair): Promise<KeyPair> {
  const [certificate, key] = await Promise.all([
    readFile(files.certificate, 'utf8'),
    readFile(files.key, 'utf8'),
  ])
  return { certificate, key }
}
