/** How to reach the next mail server; `gateway.nextHop` with its files and secrets read. */
export interface NextHopSettings {
  readonly host: string
  readonly port: number
  /** `opportunistic`: STARTTLS when it is offered, any certificate; the other two check the certificate. */
  readonly tls: 'none' | 'opportunistic' | 'required' | 'implicit'
  readonly serverName: string
  /** PEM: an authority to trust besides the usual ones. */
  readonly ca: string | undefined
  /** PEM: shown to the next hop. */
  readonly clientCertificate: { readonly certificate: string; readonly key: string } | undefined
  readonly credentials: { readonly user: string; readonly password: string } | undefined
  readonly heloName: string
}
