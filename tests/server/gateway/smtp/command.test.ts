import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseCommand, parseMail, parseRcpt } from '../../../../src/server/gateway/smtp/command.ts'

const all = { eightBit: true, utf8: true, dsn: true }
const none = { eightBit: false, utf8: false, dsn: false }

describe('a command line', () => {
  it('is a verb in any case and the rest', () => {
    expect(parseCommand(Buffer.from('mAiL FROM:<a@b>\r\n'))).toEqual({
      verb: 'MAIL',
      rest: 'FROM:<a@b>',
    })
  })

  it.each(['NOOP\n', 'NO\nOP\r\n', 'NO\rOP\r\n', 'NOOP\0\r\n', '\r\n\n'])('refuses %j', line => {
    expect(parseCommand(Buffer.from(line))).toBeNull()
  })

  it('refuses broken UTF-8', () => {
    expect(parseCommand(Buffer.from([0x4d, 0xff, 13, 10]))).toBeNull()
  })

  it('takes any bytes without throwing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), bytes => {
        const command = parseCommand(Buffer.from(bytes))
        if (command === null) return
        parseMail(command.rest, all)
        parseRcpt(command.rest, all, true)
      }),
    )
  })
})

describe('MAIL', () => {
  it('has a path and parameters', () => {
    const parsed = parseMail(
      'FROM:<a@example.com> SIZE=123 body=8bitmime SMTPUTF8 RET=HDRS ENVID=x+2By AUTH=<>',
      all,
    )
    expect(parsed).toEqual({
      ok: true,
      value: {
        path: 'a@example.com',
        size: 123,
        eightBit: true,
        utf8: true,
        ret: 'HDRS',
        envid: 'x+2By',
      },
    })
  })

  it('has the null sender', () => {
    expect(parseMail('FROM:<>', none)).toMatchObject({ ok: true, value: { path: '' } })
  })

  it('keeps a bracket inside quotes in the path', () => {
    const parsed = parseMail('FROM:<"a>b"@example.com>', none)
    expect(parsed).toMatchObject({ ok: true, value: { path: '"a>b"@example.com' } })
  })

  it.each([
    ['FROM:a@example.com', 501],
    ['FROM:<a@example.com', 501],
    ['TO:<a@example.com>', 501],
    ['FROM:<a@example.com>SIZE=1', 501],
    ['FROM:<a@example.com> SIZE=1 SIZE=2', 501],
    ['FROM:<a@example.com> SIZE=x', 501],
    ['FROM:<a@example.com> RET=MAYBE', 501],
    ['FROM:<a@example.com> ENVID=a=b', 501],
    ['FROM:<a@example.com> ENVID=a+0D+0AX-Evil:+20b', 501],
    ['FROM:<a@example.com> ENVID=a+7F', 501],
    ['FROM:<a@example.com> FUTURE=1', 555],
    ['FROM:<å@example.com>', 553],
  ])('refuses %s with %i', (rest, code) => {
    expect(parseMail(rest, all)).toMatchObject({ ok: false, reply: { code } })
  })

  it.each(['BODY=8BITMIME', 'SMTPUTF8', 'RET=FULL', 'ENVID=1'])(
    'refuses %s when the next hop has not offered it',
    parameter => {
      const parsed = parseMail(`FROM:<a@example.com> ${parameter}`, none)
      expect(parsed).toMatchObject({ ok: false, reply: { code: 555 } })
    },
  )
})

describe('RCPT', () => {
  it('has DSN parameters', () => {
    const parsed = parseRcpt(
      'TO:<b@else.test> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;b@else.test',
      all,
      false,
    )
    expect(parsed).toEqual({
      ok: true,
      value: { path: 'b@else.test', notify: 'SUCCESS,DELAY', orcpt: 'rfc822;b@else.test' },
    })
  })

  it.each(['NOTIFY=NEVER,DELAY', 'NOTIFY=NOW', 'ORCPT=x', 'NOTIFY=', 'ORCPT=rfc822;a+0D+0AX:b'])(
    'refuses %s',
    parameter => {
      const parsed = parseRcpt(`TO:<b@else.test> ${parameter}`, all, false)
      expect(parsed).toMatchObject({ ok: false, reply: { code: 501 } })
    },
  )

  it('has the original recipient as Postfix spells one beyond ASCII', () => {
    const rest = 'TO:<bö@else.test> ORCPT=rfc822;b+C3+B6@else.test'
    expect(parseRcpt(rest, all, true)).toMatchObject({ ok: true })
  })

  it('has characters beyond ASCII with SMTPUTF8 alone, in its parameters too', () => {
    const rest = 'TO:<b@else.test> ORCPT=utf-8;bö@else.test'
    expect(parseRcpt(rest, all, true)).toMatchObject({ ok: true })
    expect(parseRcpt(rest, all, false)).toMatchObject({ ok: false, reply: { code: 553 } })
  })
})
