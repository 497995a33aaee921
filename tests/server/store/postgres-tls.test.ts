import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { join } from 'node:path'
import { TLSSocket } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { openStore } from '../../../src/server/store/open-store.ts'
import { startRelay } from '../../support/tcp-relay.ts'
import { createTestDatabase } from '../../support/test-database.ts'
import type { TestDatabase } from '../../support/test-database.ts'

const fixtures = join(import.meta.dirname, '../../fixtures/tls')
const authority = join(fixtures, 'ca.pem')
const another = join(import.meta.dirname, '../../fixtures/gateway-tls/ca.pem')
const certificate = {
  key: readFileSync(join(fixtures, 'server.key')),
  cert: readFileSync(join(fixtures, 'server.pem')),
}

/** Everything that came before TLS was there. */
let clear: Buffer[] = []

/** TLS in front of the server's socket, as PostgreSQL itself begins it (protocol §54.2.10, SSLRequest). */
async function startTls(socketPath: string): Promise<{ port: number; close: () => void }> {
  const sockets = new Set<Socket>()
  const server = createServer(client => {
    sockets.add(client)
    client.on('error', () => undefined)
    client.once('data', request => {
      clear.push(request)
      client.write('S')
      const secure = new TLSSocket(client, { isServer: true, ...certificate })
      const database = connect(socketPath)
      secure.on('error', () => database.destroy())
      database.on('error', () => secure.destroy())
      secure.pipe(database).pipe(secure)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

let database: TestDatabase
let tls: { port: number; close: () => void }
beforeAll(async () => {
  database = await createTestDatabase()
  tls = await startTls(join(database.folder, '.s.PGSQL.5432'))
})
afterAll(async () => {
  tls.close()
  await database.remove()
})

const url = (port: number, ca: string, host = 'localhost'): string =>
  `postgres://zegel@${host}:${port}/${database.name}?sslmode=verify-full&sslrootcert=${ca}`

describe('threat: eavesdropper between Zegel and its database', () => {
  it('reads nothing: the connection is encrypted for the server that shows the right certificate', async () => {
    clear = []
    const store = await openStore(url(tls.port, authority))
    await store.ping()
    await store.close()
    const sslRequest = Buffer.from('0000000804d2162f', 'hex')
    expect(clear.length).toBeGreaterThan(0)
    expect(clear.filter(bytes => !bytes.equals(sslRequest))).toEqual([])
  })

  it.each([
    ['of an authority that was not named', another, 'localhost', 'UNABLE_TO_VERIFY'],
    ['for another name', authority, '0.0.0.0', 'ALTNAME_INVALID'],
  ])('is refused with a certificate %s', async (_, ca, host, reason) => {
    const error = await openStore(url(tls.port, ca, host)).catch((cause: unknown) => cause)
    expect(error).toMatchObject({ code: 'unreachable' })
    expect(String(error)).toContain(reason)
  })

  it('is told nothing by a server without TLS', async () => {
    const plain = await startRelay(join(database.folder, '.s.PGSQL.5432'))
    onTestFinished(() => plain.close())
    const error = await openStore(url(plain.port, authority)).catch((cause: unknown) => cause)
    expect(error).toMatchObject({ code: 'unreachable' })
    expect(String(error)).toContain('does not support SSL')
  })
})
