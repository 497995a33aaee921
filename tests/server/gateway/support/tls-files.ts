import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const pathOf = (name: string) =>
  fileURLToPath(new URL(`../../../fixtures/gateway-tls/${name}`, import.meta.url))

export const tlsPaths = {
  ca: pathOf('ca.pem'),
  server: { certificate: pathOf('server.pem'), key: pathOf('server.key') },
  client: { certificate: pathOf('client.pem'), key: pathOf('client.key') },
}

const read = (pair: { certificate: string; key: string }) => ({
  cert: readFileSync(pair.certificate, 'utf8'),
  key: readFileSync(pair.key, 'utf8'),
})

export const serverPair = read(tlsPaths.server)
export const clientPair = read(tlsPaths.client)
