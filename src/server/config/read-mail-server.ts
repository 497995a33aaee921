import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { type KeyPair, readKeyPair } from './read-key-pair.ts'
import type { NextHopConfig } from './schema.ts'

/** How to reach a mail server, with files and secrets read: the gateway's next hop, the portal's relay. */
export interface MailServer {
  readonly host: string
  readonly port: number
  readonly tls: NextHopConfig['tls']
  readonly serverName: string
  /** PEM. */
  readonly ca: string | undefined
  readonly clientCertificate: KeyPair | undefined
  readonly credentials: { readonly user: string; readonly password: string } | undefined
  readonly heloName: string
}

/** @throws what reading a file or a secret throws */
export async function readMailServer(
  config: NextHopConfig,
  readSecret: (reference: string) => Promise<string>,
): Promise<MailServer> {
  const { host, port, tls, serverName, ca, clientCertificate, user, password, heloName } = config
  return {
    host,
    port,
    tls,
    serverName,
    ca: ca === '' ? undefined : await readFile(ca, 'utf8'),
    clientCertificate: clientCertificate && (await readKeyPair(clientCertificate)),
    credentials:
      user === '' || !password ? undefined : { user, password: await readSecret(password) },
    heloName: heloName === '' ? hostname() : heloName,
  }
}
