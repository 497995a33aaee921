import { describe, expect, expectTypeOf, it } from 'vitest'
import type { Address } from '../../../src/core/address/address.ts'
import type { Literal } from '../../../src/server/telemetry/literal.ts'
import { createLog, fromConfiguration } from '../../../src/server/telemetry/log.ts'
import type { LogFormat, LogLevel } from '../../../src/server/telemetry/log.ts'

function logTo(options: { format?: LogFormat; level?: LogLevel } = {}) {
  const lines: string[] = []
  const log = createLog({
    write: line => lines.push(line),
    clock: () => Date.UTC(2026, 10, 21),
    ...options,
  })
  return { log, lines }
}

describe('log', () => {
  it('writes a plain line', () => {
    const { log, lines } = logTo()
    log.info('listening', { port: 25, host: fromConfiguration('my host'), tls: true })
    expect(lines).toEqual([
      '2026-11-21T00:00:00.000Z info listening port=25 host="my host" tls=true\n',
    ])
  })

  it('writes a line of JSON', () => {
    const { log, lines } = logTo({ format: 'json' })
    log.warn('refused', { code: 'too-large', bytes: 12 })
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      time: '2026-11-21T00:00:00.000Z',
      level: 'warn',
      event: 'refused',
      code: 'too-large',
      bytes: 12,
    })
  })

  it('keeps one line a line, whatever the configuration says', () => {
    const { log, lines } = logTo()
    log.error('failed', { host: fromConfiguration('a\nb\u001b[31m') })
    expect(lines[0]?.split('\n')).toHaveLength(2)
    expect(lines[0]).not.toContain('\u001b')
  })

  it('drops what is below its level', () => {
    const { log, lines } = logTo({ level: 'warn' })
    log.debug('a')
    log.info('b')
    log.warn('c')
    log.error('d')
    expect(lines).toHaveLength(2)
  })

  it('says where a surprise happened, and not what it said', () => {
    const { log, lines } = logTo()
    const cause = Object.assign(new TypeError('no mail for bob@example.org\n    at bob@x:1:1'), {
      code: 'E_BAD',
    })
    log.failure('failed', cause)
    expect(lines[0]).toMatch(/ error failed error=TypeError code=E_BAD at=.*log\.test\.ts:\d+:\d+/)
    expect(lines[0]).not.toContain('bob')
  })

  it('shows no code that could hold an address, and takes any cause', () => {
    const { log, lines } = logTo()
    log.failure('failed', Object.assign(new Error('x'), { code: 'bob@example.org' }))
    log.failure('failed', 'bob@example.org')
    log.failure('failed', undefined)
    expect(lines.join('')).not.toContain('bob')
    expect(lines).toHaveLength(3)
  })
})

describe('no identifier can be passed by type', () => {
  it('takes words of the source alone', () => {
    expectTypeOf<Literal<'opened'>>().toEqualTypeOf<'opened'>()
    expectTypeOf<Literal<'a' | 'b'>>().toEqualTypeOf<'a' | 'b'>()
    expectTypeOf<Literal<string>>().toBeNever()
    expectTypeOf<Literal<Address>>().toBeNever()
    expectTypeOf<Literal<`${string}@example.org`>>().toBeNever()
  })

  it('refuses an address as event or field, when it is compiled', () => {
    const { log, lines } = logTo()
    const address: string = 'bob@example.org'
    // @ts-expect-error an event is a word of the source
    log.info(address)
    // @ts-expect-error a field is a number, a flag, a word of the source, or from the configuration
    log.info('opened', { who: address })
    // @ts-expect-error a template is no word of the source
    log.info(`opened by ${address}` as const)
    expect(lines).toHaveLength(3)
  })
})
