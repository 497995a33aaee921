import { describe, expect, it } from 'vitest'
import type { Store } from '../../../src/server/store/store.ts'
import { createCounters } from '../../../src/server/telemetry/counters.ts'
import type { Counters } from '../../../src/server/telemetry/counters.ts'
import { fromConfiguration } from '../../../src/server/telemetry/log.ts'

const DAY = '2026-11-21'
const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36'

interface Node {
  readonly counters: Counters
  nowMs: number
}

/** A process that counts into the store. */
function nodeOn(store: Store): Node {
  const node = { nowMs: Date.parse(`${DAY}T12:00Z`) }
  const counters = createCounters({
    write: (...count) => store.usage.add(...count),
    writeOrganisation: (...count) => store.usage.addOfOrganisation(...count),
    clock: () => node.nowMs,
    enabled: true,
  })
  return Object.assign(node, { counters })
}

function open({ counters }: Node, organisation: string, times: number): void {
  const reader = counters.ofReader(name => (name === 'user-agent' ? CHROME : undefined))
  for (let i = 0; i < times; i += 1) reader.countMessageOpened(fromConfiguration(organisation))
}

/** Openings: the installation's sum, and what is said of organisations. */
async function stored(store: Store, day = DAY) {
  const sums = await store.usage.list(day, day)
  const said = await store.usage.listOfOrganisations(day, day)
  return {
    sum: sums.find(({ metric }) => metric === 'messages_opened')?.count ?? 0,
    said: Object.fromEntries(said.map(each => [each.organisationId, each.count])),
  }
}

/** Of two openings of the same database, as two nodes have it. */
export function describeOrganisationUsage(nodes: () => readonly [Store, Store]): void {
  describe('promise: a count of one organisation is stored from five upwards', () => {
    it('refuses a smaller one in the table itself, whoever writes it', async () => {
      const [a, b] = nodes()
      expect(await a.usage.addOfOrganisation('example', DAY, 'messages_opened', 4)).toBe(false)
      expect(await b.usage.listOfOrganisations(DAY, DAY)).toEqual([])
      expect(await a.usage.addOfOrganisation('example', DAY, 'messages_opened', 5)).toBe(true)
      expect(await b.usage.addOfOrganisation('example', DAY, 'messages_opened', 1)).toBe(false)
      expect((await stored(a)).said).toEqual({ example: 5 })
    })

    it('keeps what two nodes have of four each out of both tables', async () => {
      const [a, b] = nodes()
      const [one, two] = [nodeOn(a), nodeOn(b)]
      for (const node of [one, two]) {
        open(node, 'example', 4)
        await node.counters.flush()
      }
      expect(await stored(a)).toEqual({ sum: 0, said: {} })
      open(one, 'example', 1)
      await Promise.all([one.counters.flush(), two.counters.flush()])
      await two.counters.flush()
      expect(await stored(b)).toEqual({ sum: 5, said: { example: 5 } })
    })

    it('collects over many flushes, and writes each opening once, five at a time', async () => {
      const [a] = nodes()
      const node = nodeOn(a)
      for (let times = 1; times <= 12; times += 1) {
        open(node, 'example', 1)
        await Promise.all([node.counters.flush(), node.counters.flush()])
        const whole = times - (times % 5)
        expect(await stored(a)).toEqual({ sum: whole, said: whole < 5 ? {} : { example: whole } })
      }
    })

    it('threat: the sum less the row of one is no few of the other', async () => {
      const [a] = nodes()
      const node = nodeOn(a)
      open(node, 'example', 7)
      open(node, 'other', 1)
      await node.counters.flush()
      expect(await stored(a)).toEqual({ sum: 5, said: { example: 5 } })
    })

    it('loses a few in a crash, and stores none of them for that', async () => {
      const [a] = nodes()
      const before = nodeOn(a)
      open(before, 'example', 4)
      await before.counters.flush()
      const after = nodeOn(a) // nothing of the first process is left but the database
      open(after, 'example', 4)
      open(after, 'other', 5)
      await after.counters.flush()
      expect(await stored(a)).toEqual({ sum: 5, said: { other: 5 } })
    })

    it('adds no day to another, and forgets the few of a day that is long over', async () => {
      const [a] = nodes()
      const node = nodeOn(a)
      open(node, 'example', 4)
      await node.counters.flush()
      node.nowMs += 86_400_000
      open(node, 'example', 4)
      await node.counters.flush()
      expect((await stored(a)).said).toEqual({})
      expect((await stored(a, '2026-11-22')).said).toEqual({})
      node.nowMs += 86_400_000
      await node.counters.flush()
      node.nowMs -= 2 * 86_400_000
      open(node, 'example', 1)
      await node.counters.flush()
      expect(await stored(a)).toEqual({ sum: 0, said: {} })
    })
  })

  describe('promise: nobody can be told from a count', () => {
    it('holds the same rows for two people who do the same in browsers of one family', async () => {
      const [a] = nodes()
      const rows = []
      for (const [day, version] of [
        ['2026-11-01', '155.0.1.2'],
        ['2026-11-02', '156.0.7.1'],
      ] as const) {
        const node = nodeOn(a)
        node.nowMs = Date.parse(`${day}T08:00Z`)
        const reader = node.counters.ofReader(
          name =>
            ({
              'user-agent': CHROME.replace('156.0.0.0', version),
              'accept-language': version,
              cookie: `a=${version}`,
            })[name],
        )
        for (let i = 0; i < 5; i += 1) {
          reader.countMessageOpened(fromConfiguration('example'))
          reader.countError('bad-signature')
        }
        await node.counters.flush()
        const kept = [await a.usage.list(day, day), await a.usage.listOfOrganisations(day, day)]
        rows.push(JSON.stringify(kept).replaceAll(day, 'DAY'))
      }
      expect(rows[0]).toBe(rows[1])
      expect(rows[0]).toContain('"browsers_used"')
    })
  })
}
