import { describe, expect, it } from 'vitest'
import { readAnswer, replyBody } from '../../../src/browser/composer/send-reply.ts'

const problem = (code: string, more: object = {}): string =>
  JSON.stringify({ type: 'about:blank', title: 'x', status: 400, code, ...more })

describe('what the portal answers to a reply', () => {
  it('is delivered only by its own word', () => {
    expect(readAnswer(200, '{"kind":"reply"}')).toEqual({ ok: true })
    for (const [status, body] of [
      [200, ''],
      [200, '<html>'],
      [200, '{}'],
      [204, '{"kind":"reply"}'],
    ] as const)
      expect(readAnswer(status, body)).toEqual({
        ok: false,
        refusal: { code: 'internal' },
        mayHaveArrived: true,
      })
  })

  it('names whom it concerns, and how long to wait', () => {
    expect(readAnswer(403, problem('recipient-refused', { recipients: [0, 2] }))).toEqual({
      ok: false,
      refusal: { code: 'recipient-refused', recipients: [0, 2] },
      mayHaveArrived: false,
    })
    expect(readAnswer(429, problem('rate-limited', { retryAfterSeconds: 9 }))).toMatchObject({
      refusal: { code: 'rate-limited', retryAfterSeconds: 9 },
    })
  })

  it('leaves it open whether it arrived when nobody can know', () => {
    expect(readAnswer(503, problem('replies-unavailable'))).toMatchObject({ mayHaveArrived: true })
    expect(readAnswer(401, problem('sign-in-required'))).toMatchObject({ mayHaveArrived: false })
  })
})

describe('the body of a reply', () => {
  it('is the stanza by its length, then the sealed file', async () => {
    const body = replyBody('-> zegel.v1 é\nx\n', new Blob(['sealed']))
    const bytes = Buffer.from(await body.arrayBuffer())
    const length = bytes.readUInt32BE(0)
    expect(JSON.parse(bytes.subarray(4, 4 + length).toString())).toEqual({
      stanza: '-> zegel.v1 é\nx\n',
    })
    expect(bytes.subarray(4 + length).toString()).toBe('sealed')
  })
})
