import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createMailCollection } from '../../../src/server/demo/mail-collection.ts'
import type { StoredMail } from '../../../src/server/demo/stored-mail.ts'

const mailOf = (id: string, to: readonly string[], bytes = 10): StoredMail => ({
  id,
  from: 'alice@example.com',
  fromName: '',
  to,
  subject: id,
  messageId: '',
  references: [],
  sealed: false,
  receivedAtMs: 0,
  raw: Buffer.alloc(bytes),
})
const ids = (mails: readonly StoredMail[]): readonly string[] => mails.map(({ id }) => id)

describe('the collection of mails', () => {
  it('lets the oldest go when there are too many, or too large ones', () => {
    const mails = createMailCollection({ maxMails: 3, maxTotalBytes: 100 })
    for (const id of ['a', 'b', 'c', 'd']) mails.add(mailOf(id, ['bob@example.org']))
    expect(ids(mails.list(null))).toEqual(['d', 'c', 'b'])
    mails.add(mailOf('large', ['bob@example.org'], 85))
    expect(ids(mails.list(null))).toEqual(['large', 'd'])
  })

  it('never holds more than its limits, and always the newest', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(120), { minLength: 1, maxLength: 30 }), sizes => {
        const mails = createMailCollection({ maxMails: 5, maxTotalBytes: 100 })
        for (const [index, size] of sizes.entries())
          mails.add(mailOf(String(index), ['bob@example.org'], size))
        const held = mails.list(null)
        const bytes = held.reduce((sum, { raw }) => sum + raw.length, 0)
        expect(held.length).toBeLessThanOrEqual(5)
        expect(held[0]?.id).toBe(String(sizes.length - 1))
        expect(bytes <= 100 || held.length === 1).toBe(true)
      }),
    )
  })

  it('keeps a mail for the others when one of its recipients empties the mailbox', () => {
    const mails = createMailCollection()
    mails.add(mailOf('a', ['bob@example.org', 'Carol@Example.net']))
    mails.clear('BOB@example.org')
    expect(mails.list('bob@example.org')).toEqual([])
    expect(ids(mails.list('carol@example.net'))).toEqual(['a'])
    mails.clear('carol@example.net')
    expect(mails.list(null)).toEqual([])
  })

  it('counts for each recipient once, and tells watchers of each change', () => {
    const mails = createMailCollection()
    let changes = 0
    const stop = mails.watch(() => (changes += 1))
    mails.add(mailOf('a', ['bob@example.org', 'BOB@example.org', 'carol@example.net']))
    expect(mails.owners()).toEqual([
      { address: 'bob@example.org', count: 1 },
      { address: 'carol@example.net', count: 1 },
    ])
    expect(mails.remove('a')).toBe(true)
    expect(mails.remove('a')).toBe(false)
    stop()
    mails.clear(null)
    expect(changes).toBe(2)
  })
})
