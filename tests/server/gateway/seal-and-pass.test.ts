import { afterEach, describe, expect, it } from 'vitest'
import { sendMail } from './support/raw-client.ts'
import { ScriptedHop } from './support/scripted-hop.ts'
import { startGateway } from './support/test-gateway.ts'
import type { TestGateway } from './support/test-gateway.ts'

const mail =
  'From: Alice <alice@example.com>\r\nTo: bob@else.test, carol@example.net\r\n' +
  'Subject: The plan\r\nMessage-ID: <1@example.com>\r\nDate: Sat, 21 Nov 2026 04:00:00 +0000\r\n' +
  '\r\nIt is secret.\r\n.\r\n..dots\r\nend\r\n'

let hop: ScriptedHop
let gateway: TestGateway

async function start(options: object = {}, script: object = {}) {
  hop = await ScriptedHop.start(script)
  gateway = await startGateway({ nextHopPort: hop.port, ...options })
}

afterEach(async () => {
  await gateway.close()
  await hop.stop()
})

describe('recipients outside and inside', () => {
  it('get a sealed mail and the untouched original', async () => {
    await start()
    const { data, rcpt } = await sendMail(gateway.port, {
      to: ['bob@else.test', 'carol@example.net'],
      mail,
    })
    expect(rcpt.map(answer => answer.code)).toEqual([250, 250])
    expect(data).toEqual({ code: 250, text: '250 2.0.0 Taken\r\n' })
    expect(hop.taken).toHaveLength(2)
    const inside = hop.taken.find(taken => taken.to.includes('carol@example.net'))
    const outside = hop.taken.find(taken => taken.to.includes('bob@else.test'))
    expect(inside?.content.toString('latin1')).toBe(mail)
    expect(outside?.content.includes('It is secret')).toBe(false)
    expect(outside?.content.includes('The plan')).toBe(false)
    const opened = await gateway.keys.open(outside?.content ?? Buffer.alloc(0))
    expect(opened.toString('latin1')).toBe(mail)
  })
})
