import { once } from 'node:events'
import { createTransport } from 'nodemailer'
import { SMTPServer } from 'smtp-server'
import { afterEach, describe, expect, it } from 'vitest'
import { hashPassword } from '../../../src/server/gateway/user-password.ts'
import { startGateway } from './support/test-gateway.ts'
import { serverPair, tlsPaths } from './support/tls-files.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

interface Taken {
  readonly to: readonly string[]
  readonly secure: boolean
  readonly content: Buffer
}

/** A next hop by smtp-server, over TLS. */
async function startNextHop(): Promise<{ port: number; taken: Taken[] }> {
  const taken: Taken[] = []
  const server = new SMTPServer({
    ...serverPair,
    disabledCommands: ['AUTH'],
    disableReverseLookup: true,
    logger: false,
    onData(stream, session, callback) {
      const pieces: Buffer[] = []
      stream.on('data', (piece: Buffer) => pieces.push(piece))
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map(({ address }) => address)
        taken.push({ to, secure: session.secure, content: Buffer.concat(pieces) })
        callback()
      })
    },
  })
  const listening = server.listen(0, '127.0.0.1')
  await once(listening, 'listening')
  cleanups.push(() => new Promise<void>(resolve => server.close(resolve)))
  const address = listening.address()
  return { port: typeof address === 'object' ? (address?.port ?? 0) : 0, taken }
}

describe('with programs that others wrote', () => {
  it('takes a mail of nodemailer after AUTH over STARTTLS and gives it to smtp-server over TLS', async () => {
    const hop = await startNextHop()
    const gateway = await startGateway({
      nextHopPort: hop.port,
      nextHop: { tls: 'required', ca: tlsPaths.ca },
      gateway: {
        tls: tlsPaths.server,
        allowedNetworks: [],
        users: [
          { name: 'alice', password: await hashPassword('pässword'), organisation: 'example' },
        ],
      },
    })
    cleanups.push(() => gateway.close())
    const transport = createTransport({
      host: '127.0.0.1',
      port: gateway.port,
      requireTLS: true,
      auth: { user: 'alice', pass: 'pässword' },
      tls: { rejectUnauthorized: false },
    })
    cleanups.push(() => transport.close())
    const attachment = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 7) % 256))
    const sent = await transport.sendMail({
      from: 'Alice Ångström <alice@example.com>',
      to: ['Bob <bob@else.test>', 'carol@example.net'],
      bcc: 'dan@else.test',
      subject: 'Grüße',
      text: '.\n..\nA line\n',
      attachments: [{ filename: 'bytes.bin', content: attachment }],
    })
    expect(sent.accepted).toHaveLength(3)
    expect(sent.response).toMatch(/^250 2\./)
    expect(hop.taken).toHaveLength(2)
    expect(hop.taken.every(({ secure }) => secure)).toBe(true)
    const inside = hop.taken.find(({ to }) => to.includes('carol@example.net'))
    const outside = hop.taken.find(({ to }) => to.includes('bob@else.test'))
    expect(outside?.to).toEqual(['bob@else.test', 'dan@else.test'])
    const opened = await gateway.keys.open(outside?.content ?? Buffer.alloc(0))
    expect(opened.equals(inside?.content ?? Buffer.alloc(0))).toBe(true)
    expect(opened.includes(attachment.toString('base64').slice(0, 76))).toBe(true)
  })
})
