import { describe, expect, it } from 'vitest'
import {
  appOrBrowser,
  browserFamily,
  deviceKind,
} from '../../../src/server/telemetry/browser-family.ts'
import { createCounters } from '../../../src/server/telemetry/counters.ts'
import type { WriteUsage } from '../../../src/server/telemetry/counters.ts'
import { fromConfiguration } from '../../../src/server/telemetry/log.ts'

function countersOver({ write, enabled = true }: { write?: WriteUsage; enabled?: boolean } = {}) {
  const rows: unknown[][] = []
  const said: unknown[][] = []
  const state = { nowMs: Date.UTC(2026, 10, 21, 23, 59) }
  const counters = createCounters({
    write: write ?? (async (...row) => void rows.push(row)),
    writeOrganisation: async (...row) => said.push(row) > 0,
    clock: () => state.nowMs,
    enabled,
  })
  return { counters, rows, said, state }
}

const FIREFOX = 'Mozilla/5.0 (Android 16; Mobile; rv:153.0) Gecko/153.0 Firefox/153.0'
const EXAMPLE = fromConfiguration('example')

const from =
  (fields: Readonly<Record<string, string>>) =>
  (name: string): string | undefined =>
    ({ 'user-agent': FIREFOX, ...fields })[name]

describe('counters', () => {
  it('write one row a day, metric and dimension, once', async () => {
    const { counters, rows, said, state } = countersOver()
    counters.countMessageSealed()
    counters.countMessageSealed()
    for (let i = 0; i < 5; i += 1) counters.ofReader(from({})).countMessageOpened(EXAMPLE)
    state.nowMs += 60_000
    counters.countMessageSealed()
    await counters.flush()
    await counters.flush()
    expect(rows).toEqual([
      ['2026-11-21', 'messages_sealed', '', 2],
      ['2026-11-21', 'messages_opened', '', 5],
      ['2026-11-21', 'browsers_used', 'firefox/phone', 5],
      ['2026-11-22', 'messages_sealed', '', 1],
    ])
    expect(said).toEqual([['example', '2026-11-21', 'messages_opened', 5]])
  })

  it('threat: who looks at the rows each minute sees no single reading, with one organisation alone', async () => {
    const { counters, rows, said } = countersOver()
    const seen: number[] = []
    for (let i = 1; i <= 12; i += 1) {
      const reader = counters.ofReader(from({}))
      reader.countMessageOpened(EXAMPLE)
      reader.countError('bad-signature')
      counters.countPasscodeMail('accepted')
      await counters.flush()
      seen.push(rows.length)
    }
    expect(seen).toEqual([0, 0, 0, 0, 3, 3, 3, 3, 3, 6, 6, 6])
    expect(rows.map(([, metric, , count]) => `${String(metric)} ${String(count)}`)).toEqual(
      [1, 2].flatMap(() => ['messages_opened 5', 'browsers_used 5', 'errors 5']),
    )
    expect(said.map(([, , , count]) => count)).toEqual([5, 5])
  })

  it('keep a few for the rest of their day and the next, and no longer', async () => {
    const { counters, rows, state } = countersOver()
    const open = (times: number): void => {
      for (let i = 0; i < times; i += 1) counters.ofReader(from({})).countMessageOpened(EXAMPLE)
    }
    open(4)
    state.nowMs += 120_000 // the next day
    await counters.flush()
    open(4)
    state.nowMs += 86_400_000
    await counters.flush()
    expect(rows).toEqual([])
    state.nowMs -= 86_400_000
    open(1)
    await counters.flush()
    expect(rows.map(([day, , , count]) => [day, count])).toEqual([
      ['2026-11-22', 5],
      ['2026-11-22', 5],
    ])
    state.nowMs -= 86_400_000
    open(1) // the four of the day before are gone
    await counters.flush()
    expect(rows.length).toBe(2)
  })

  it('lose nothing and count nothing twice when writing fails on the way', async () => {
    const sums = new Map<string, number>()
    let calls = 0
    const { counters } = countersOver({
      async write(_day, metric, _dimension, count) {
        calls += 1
        if (calls === 2) throw new Error('busy')
        sums.set(metric, (sums.get(metric) ?? 0) + count)
      },
    })
    counters.countMessageSealed()
    counters.countMessagePassed()
    counters.countMessageRefused('rule')
    await expect(counters.flush()).rejects.toThrow('busy')
    counters.countMessagePassed()
    await counters.flush()
    expect(Object.fromEntries(sums)).toEqual({
      messages_sealed: 1,
      messages_passed: 2,
      messages_refused: 1,
    })
  })

  it('count what comes in while they are written', async () => {
    const written: number[] = []
    const { counters } = countersOver({
      async write(_day, _metric, _dimension, count) {
        if (written.push(count) === 1) counters.countMessageSealed()
      },
    })
    counters.countMessageSealed()
    await counters.flush()
    await counters.flush()
    expect(written).toEqual([1, 1])
  })

  it('of readers are of three kinds: openings, browser and device, errors', async () => {
    const { counters, rows } = countersOver()
    const reader = counters.ofReader(from({}))
    expect(Object.keys(reader)).toEqual(['countMessageOpened', 'countError'])
    for (let i = 0; i < 5; i += 1) {
      reader.countMessageOpened(EXAMPLE)
      reader.countError('bad-signature')
      counters.countPasscodeMail('accepted')
    }
    await counters.flush()
    expect(rows.map(([, metric]) => metric)).toEqual(['messages_opened', 'browsers_used', 'errors'])
  })

  it.each([{ dnt: '1' }, { 'sec-gpc': '1' }, { dnt: ' 1 ', 'sec-gpc': '0' }])(
    'hold nothing about a reader who does not wish it: %j',
    async fields => {
      const { counters, rows, said } = countersOver()
      const reader = counters.ofReader(from(fields))
      for (let i = 0; i < 5; i += 1) {
        reader.countMessageOpened(EXAMPLE)
        reader.countError('bad-signature')
      }
      await counters.flush()
      expect([rows, said]).toEqual([[], []])
      expect(counters.prometheus()).not.toContain('bad-signature')
    },
  )

  it.each([{ dnt: '0' }, { 'sec-gpc': '0' }, { dnt: '' }])(
    'count whoever says nothing against it: %j',
    async fields => {
      const { counters, rows } = countersOver()
      for (let i = 0; i < 5; i += 1) counters.ofReader(from(fields)).countError('bad-signature')
      await counters.flush()
      expect(rows).toEqual([['2026-11-21', 'errors', 'bad-signature', 5]])
    },
  )

  it('that are switched off write nothing and know nothing of readers', async () => {
    const { counters, rows, said } = countersOver({ enabled: false })
    counters.countMessageSealed()
    for (let i = 0; i < 5; i += 1) {
      counters.ofReader(from({})).countMessageOpened(EXAMPLE)
      counters.ofReader(from({})).countError('bad-signature')
    }
    await counters.flush()
    expect([rows, said]).toEqual([[], []])
    expect(counters.prometheus()).toContain('zegel_messages_sealed_total 1\n')
    expect(counters.prometheus()).not.toContain('bad-signature')
  })

  it('of two people who do the same are the same', async () => {
    const [one, two] = [countersOver(), countersOver()]
    for (const { counters } of [one, two]) {
      for (let i = 0; i < 5; i += 1) counters.ofReader(from({})).countMessageOpened(EXAMPLE)
      await counters.flush()
    }
    expect(one.rows.length).toBe(2)
    expect([one.rows, one.said]).toEqual([two.rows, two.said])
    expect(one.counters.prometheus()).toBe(two.counters.prometheus())
  })

  it('take no text that a program computed, when it is compiled', () => {
    const { counters } = countersOver()
    const reader = counters.ofReader(from({}))
    const address: string = 'bob@example.org'
    // @ts-expect-error a code is a word of the source
    reader.countError(address)
    // @ts-expect-error an organisation is named as the configuration names it
    reader.countMessageOpened(address)
    expect(counters.prometheus()).toContain('zegel_errors_total')
  })
})

describe('/metrics', () => {
  it('says operations as sums since the start', () => {
    const { counters } = countersOver()
    counters.countMessageSealed()
    counters.countMessageRefused('rule')
    counters.countFault('gateway-fault')
    const text = counters.prometheus()
    expect(text).toContain(
      '# TYPE zegel_messages_sealed_total counter\nzegel_messages_sealed_total 1\n',
    )
    expect(text).toContain('zegel_messages_refused_total{code="rule"} 1\n')
    expect(text).toContain('zegel_errors_total{code="gateway-fault"} 1\n')
    for (const line of text.trimEnd().split('\n'))
      expect(line).toMatch(/^(# (HELP|TYPE) zegel_\w+_total .+|zegel_\w+_total(\{.*\})? \d+)$/)
  })

  it('threat: a scrape each few seconds shows no single reading', () => {
    const { counters } = countersOver()
    const reader = counters.ofReader(from({}))
    const empty = counters.prometheus()
    for (let i = 1; i <= 9; i += 1) {
      counters.countPasscodeMail('accepted')
      reader.countMessageOpened(EXAMPLE)
      reader.countError('bad-envelope')
      if (i < 5) expect(counters.prometheus()).toBe(empty)
    }
    const text = counters.prometheus()
    expect(text).toContain('zegel_passcode_mails_total{state="accepted"} 5\n')
    expect(text).toContain('zegel_errors_total{code="bad-envelope"} 5\n')
    expect(text).not.toMatch(/opened|browser|firefox|phone|example/)
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

  it('is that of the installed app where the page says so, whichever browser runs it', () => {
    expect(appOrBrowser(FIREFOX, '1')).toBe('app')
    expect(appOrBrowser(FIREFOX, undefined)).toBe('firefox')
    expect(appOrBrowser(FIREFOX, 'bob@example.org')).toBe('firefox')
  })
})
