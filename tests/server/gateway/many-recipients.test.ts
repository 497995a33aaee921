import { describe, expect, it } from 'vitest'
import { plainMail, useGateways } from './support/use-gateway.ts'

const { start } = useGateways()

describe('threat: more recipients than one sealed record holds', () => {
  it('answers 452 at RCPT, so that the client sends the others a mail of their own', async () => {
    const { hop, connect } = await start()
    const client = await connect()
    const left = Array.from(
      { length: 1000 },
      (_, i) => `${'u'.repeat(50)}${i}@${'d'.repeat(60)}.${i % 2 === 0 ? 'test' : 'example.com'}`,
    )
    const asked = left.length
    for (let mails = 0; left.length > 0 && mails < 10; mails++) {
      await client.command('MAIL FROM:<alice@example.com>')
      while (left.length > 0) {
        const answer = await client.command(`RCPT TO:<${left[0]}>`)
        if (answer.code !== 250) {
          expect(answer.text).toMatch(/^452 4\.5\.3 /)
          break
        }
        left.shift()
      }
      await client.command('DATA')
      client.send(`${plainMail}.\r\n`)
      expect((await client.answer()).code).toBe(250)
    }
    expect(hop.taken.flatMap(taken => taken.to)).toHaveLength(asked)
    expect(hop.taken.length).toBeGreaterThan(1)
  })
})
