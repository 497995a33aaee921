import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RawClient, sendMail, sendOn } from '../server/gateway/support/raw-client.ts'
import { ScriptedHop } from '../server/gateway/support/scripted-hop.ts'
import { startGateway } from '../server/gateway/support/test-gateway.ts'
import type { TestGateway } from '../server/gateway/support/test-gateway.ts'
import { plainMail } from '../server/gateway/support/use-gateway.ts'

const words = [
  'EHLO x\r\n',
  'HELO\r\n',
  'MAIL FROM:<alice@example.com>',
  'MAIL FROM:<>',
  'RCPT TO:<bob@else.test>',
  'RCPT TO:<carol@example.com>',
  ' SIZE=1',
  ' BODY=8BITMIME',
  'DATA\r\n',
  'RSET\r\n',
  'AUTH PLAIN\r\n',
  'STARTTLS\r\n',
  '\r\n',
  '\r\n.\r\n',
  '\n.\n',
  'From: alice@example.com\r\n',
  'X: y\r\n',
  '.',
  '\0',
  '\xff',
  '<',
  '"',
]
const dialogue = fc.array(
  fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...words) }, fc.string({ maxLength: 12 })),
  { maxLength: 30 },
)

describe('fuzz: the gateway\u2019s SMTP', () => {
  let hop: ScriptedHop
  let gateway: TestGateway

  beforeAll(async () => {
    hop = await ScriptedHop.start()
    gateway = await startGateway({ nextHopPort: hop.port, limits: { lingerMs: 50, closeMs: 50 } })
  })
  afterAll(async () => {
    await gateway.close()
    await hop.stop()
  })

  it('answers any dialogue with replies alone, and then still takes a mail', async () => {
    await fc.assert(
      fc.asyncProperty(dialogue, async parts => {
        const client = await RawClient.connect(gateway.port)
        for (const part of parts) client.send(Buffer.from(part, 'latin1'))
        client.socket.end()
        const codes: number[] = []
        for (let answer = await client.answer(); answer.code !== 0; answer = await client.answer())
          codes.push(answer.code)
        expect((await client.answer()).text).toBe('')
        expect(codes.every(code => code >= 200 && code < 600)).toBe(true)
        client.close()
      }),
      { numRuns: 300 },
    )
    const { data } = await sendMail(gateway.port, { to: ['bob@else.test'], mail: plainMail })
    expect(data.code).toBe(250)
    expect(gateway.log.join('')).not.toContain('fault')
    for (const taken of hop.taken)
      if (taken.to.includes('bob@else.test'))
        expect(taken.content.includes('message.html')).toBe(true)
  })

  it('answers a mail whatever the next hop says', async () => {
    const noise = fc.oneof(
      fc.constantFrom(
        '250 OK',
        '354 Go',
        '550-a\r\n550 b',
        '250-',
        '4',
        '',
        '999 x',
        '250',
        '250 \0',
      ),
      fc.string({ maxLength: 20 }),
    )
    await fc.assert(
      fc.asyncProperty(noise, noise, noise, async (mail, rcpt, dot) => {
        hop.script = { mail: () => mail, rcpt: () => rcpt, dot: () => dot }
        const client = await RawClient.connect(gateway.port)
        await client.answer()
        await client.command('EHLO x')
        const timer = setTimeout(() => hop.drop(), 100)
        const answers = await sendOn(client, { to: ['bob@else.test'], mail: plainMail })
        clearTimeout(timer)
        expect(answers.data.code).toBeGreaterThanOrEqual(250)
        client.close()
      }),
      { numRuns: 100 },
    )
    hop.script = {}
    const { data } = await sendMail(gateway.port, { to: ['bob@else.test'], mail: plainMail })
    expect(data.code).toBe(250)
    expect(gateway.log.join('')).not.toContain('fault')
  })
})
