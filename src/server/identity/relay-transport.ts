import { hostname } from 'node:os'
import { isIP } from 'node:net'
import { rootCertificates } from 'node:tls'
import type { ConnectionOptions } from 'node:tls'
import type { SMTPTransportOptions } from 'nodemailer'

/** The relay of the portal's own mail, with its files and secrets read; never the gateway, which would seal it. */
export interface RelaySettings {
  readonly host: string
  readonly port: number
  /** `opportunistic`: STARTTLS when it is offered, any certificate; `required` and `implicit` check the certificate. */
  readonly tls: 'none' | 'opportunistic' | 'required' | 'implicit'
  /** Name in the certificate; empty: host. */
  readonly serverName: string
  /** PEM: an authority to trust besides the usual ones. */
  readonly ca: string | undefined
  /** PEM. */
  readonly clientCertificate: { readonly certificate: string; readonly key: string } | undefined
  readonly credentials: { readonly user: string; readonly password: string } | undefined
  /** Empty: the machine's name. */
  readonly heloName: string
}

/** A relay that does not answer must not hold a place for long; milliseconds. */
const TIMEOUTS = { connectionTimeout: 15_000, greetingTimeout: 15_000, socketTimeout: 60_000 }

/** What nodemailer needs to speak to the relay as the configuration says. */
export function relayTransport(settings: RelaySettings): SMTPTransportOptions {
  return {
    ...TIMEOUTS,
    host: settings.host,
    port: settings.port,
    secure: settings.tls === 'implicit',
    ignoreTLS: settings.tls === 'none',
    requireTLS: settings.tls === 'required',
    name: settings.heloName === '' ? hostname() : settings.heloName,
    tls: tlsOptions(settings),
    allowInternalNetworkInterfaces: true,
    ...(settings.credentials === undefined
      ? {}
      : { auth: { user: settings.credentials.user, pass: settings.credentials.password } }),
  }
}

function tlsOptions({
  serverName,
  host,
  tls,
  ca,
  clientCertificate,
}: RelaySettings): ConnectionOptions {
  const name = serverName === '' ? host : serverName
  return {
    minVersion: 'TLSv1.2',
    // RFC 7435: without a policy, encryption to anyone is better than none.
    rejectUnauthorized: tls !== 'opportunistic',
    ...(isIP(name) === 0 ? { servername: name } : {}),
    ...(ca === undefined ? {} : { ca: [...rootCertificates, ca] }),
    ...(clientCertificate === undefined
      ? {}
      : { cert: clientCertificate.certificate, key: clientCertificate.key }),
  }
}
