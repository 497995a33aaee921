import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import type { NextHopConfig } from '../config/schema.ts'
import { readSecret } from '../config/read-secret.ts'
import type { Environment } from '../config/environment.ts'

/** How to reach a mail server, with files and secrets read: the gateway's next hop, the portal's relay. */
export interface HopSettings {
  readonly host: string
  readonly port: number
  readonly tls: NextHopConfig['tls']
  readonly serverName: string
  /** PEM. */
  readonly ca: string | undefined
  /** PEM. */
  readonly clientCertificate: { readonly certificate: string; readonly key: string } | undefined
  readonly credentials: { readonly user: string; readonly password: string } | undefined
  readonly heloName: string
}

/** @throws SecretError, and what reading a file throws */
export async function readHopSettings(
  hop: NextHopConfig,
  environment: Environment,
): Promise<HopSettings> {
  const { host, port, tls, serverName, ca, clientCertificate, user, password, heloName } = hop
  return {
    host,
    port,
    tls,
    serverName,
    ca: ca === '' ? undefined : await readFile(ca, 'utf8'),
    clientCertificate: clientCertificate && {
      certificate: await readFile(clientCertificate.certificate, 'utf8'),
      key: await readFile(clientCertificate.key, 'utf8'),
    },
    credentials:
      user === '' || password === undefined
        ? undefined
        : { user, password: await readSecret(password, environment) },
    heloName: heloName === '' ? hostname() : heloName,
  }
}
