import { describe, expect, it } from 'vitest'
import { browserFamily, deviceKind } from '../../../src/server/telemetry/browser-family.ts'
import { createCounters } from '../../../src/server/telemetry/counters.ts'
import type { WriteUsage } from '../../../src/server/telemetry/counters.ts'

function countersOver(write?: WriteUsage) {
  const rows: unknown[][] = []
  const state = { nowMs: Date.UTC(2026, 10, 21, 23, 59) }
  const counters = createCounters({
    write: write ?? (async (...row) => void rows.push(row)),
    clock: () => state.nowMs,
  })
  return { counters, rows, state }
}

describe('counters', () => {
  it('write one row a day, metric and dimension, once', async () => {
    const { counters, rows, state } = countersOver()
    counters.countMessageSealed()
    counters.countMessageSealed()
    counters.countMessageOpened('firefox', 'phone')
    state.nowMs += 60_000
    counters.countMessageSealed()
    await counters.flush()
    await counters.flush()
    expect(rows).toEqual([
      ['2026-11-21', 'messages_sealed', '', 2],
      ['2026-11-21', 'messages_opened', 'firefox/phone', 1],
      ['2026-11-22', 'messages_sealed', '', 1],
    ])
  })

  it('lose nothing and count nothing twice when writing fails on the way', async () => {
    const sums = new Map<string, number>()
    let calls = 0
    const { counters } = countersOver(async (_day, metric, _dimension, count) => {
      calls += 1
      if (calls === 2) throw new Error('busy')
      sums.set(metric, (sums.get(metric) ?? 0) + count)
    })
    counters.countMessageSealed()
    counters.countMessagePassed()
    counters.countSignIn('passcode')
    await expect(counters.flush()).rejects.toThrow('busy')
    counters.countMessagePassed()
    await counters.flush()
    expect(Object.fromEntries(sums)).toEqual({
      messages_sealed: 1,
      messages_passed: 2,
      sign_ins: 1,
    })
  })

  it('count what comes in while they are written', async () => {
    const { counters, rows } = countersOver()
    counters.countMessageSealed()
    const flushing = counters.flush()
    counters.countMessageSealed()
    await flushing
    await counters.flush()
    expect(rows.map(row => row[3])).toEqual([1, 1])
  })

  it('are told to Prometheus as sums since the start', async () => {
    const { counters } = countersOver()
    counters.countMessageOpened('chrome', 'desktop')
    counters.countError('bad-envelope')
    counters.countError('bad-envelope')
    await counters.flush()
    const text = counters.prometheus()
    expect(text).toContain(
      '# TYPE zegel_messages_opened_total counter\nzegel_messages_opened_total{browser="chrome",device="desktop"} 1\n',
    )
    expect(text).toContain('zegel_errors_total{code="bad-envelope"} 2\n')
    for (const line of text.trimEnd().split('\n'))
      expect(line).toMatch(/^(# (HELP|TYPE) zegel_\w+_total .+|zegel_\w+_total(\{.*\})? \d+)$/)
  })

  it('of two people who do the same are the same', async () => {
    const [one, two] = [countersOver(), countersOver()]
    for (const { counters } of [one, two]) {
      counters.countSignIn('passcode')
      counters.countMessageOpened('safari', 'tablet')
      await counters.flush()
    }
    expect(one.rows).toEqual(two.rows)
    expect(one.counters.prometheus()).toBe(two.counters.prometheus())
  })

  it('take no text that a program computed, when it is compiled', () => {
    const { counters } = countersOver()
    const address: string = 'bob@example.org'
    // @ts-expect-error a code is a word of the source
    counters.countError(address)
    // @ts-expect-error a family is one of a fixed list
    counters.countMessageOpened(address, 'phone')
    expect(counters.prometheus()).toContain('zegel_errors_total')
  })
})

describe('the family of a browser and the kind of a device', () => {
  const MAC = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)'
  const KIT = 'AppleWebKit/537.36 (KHTML, like Gecko)'
  it.each([
    [
      `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${KIT} Chrome/156.0.0.0 Safari/537.36`,
      'chrome',
      'desktop',
    ],
    [
      `Mozilla/5.0 (Windows NT 10.0) ${KIT} Chrome/156.0.0.0 Safari/537.36 Edg/156.0`,
      'edge',
      'desktop',
    ],
    [
      `${MAC} AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15`,
      'safari',
      'desktop',
    ],
    [
      'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0',
      'firefox',
      'desktop',
    ],
    ['Mozilla/5.0 (Android 16; Mobile; rv:153.0) Gecko/153.0 Firefox/153.0', 'firefox', 'phone'],
    [
      `Mozilla/5.0 (Linux; Android 16; K) ${KIT} Chrome/156.0.0.0 Mobile Safari/537.36`,
      'chrome',
      'phone',
    ],
    [
      `Mozilla/5.0 (Linux; Android 16; K) ${KIT} Chrome/156.0.0.0 Safari/537.36`,
      'chrome',
      'tablet',
    ],
    [
      `Mozilla/5.0 (Linux; Android 16) ${KIT} SamsungBrowser/29.0 Chrome/136.0.0.0 Mobile Safari/537.36`,
      'samsung',
      'phone',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/156.0 Mobile/15E148 Safari/604.1',
      'chrome',
      'phone',
    ],
    [
      'Mozilla/5.0 (iPad; CPU OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1',
      'safari',
      'tablet',
    ],
    ['curl/8.0', 'other', 'other'],
    ['', 'other', 'other'],
  ] as const)('of %s', (userAgent, family, kind) => {
    expect(browserFamily(userAgent)).toBe(family)
    expect(deviceKind(userAgent)).toBe(kind)
  })
})
