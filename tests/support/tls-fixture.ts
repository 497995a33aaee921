import { X509Certificate, createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

const fixture = (name: string): Buffer =>
  readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url))

/** See tests/fixtures/tls/README.md. */
export const testTls = {
  ca: fixture('ca.pem'),
  certificate: fixture('server.pem'),
  key: fixture('server.key'),
} as const

/** Names the certificate to Chromium's `--ignore-certificate-errors-spki-list`. */
export const testCertificateHash: string = createHash('sha256')
  .update(
    new X509Certificate(testTls.certificate).publicKey.export({ type: 'spki', format: 'der' }),
  )
  .digest('base64')
