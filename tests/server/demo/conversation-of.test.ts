import { describe, expect, it } from 'vitest'
import { conversationOf } from '../../../src/server/demo/conversation-of.ts'
import type { StoredMail } from '../../../src/server/demo/stored-mail.ts'

const [alice, bob, carol] = ['alice@example.com', 'bob@example.org', 'carol@example.net']

const mailOf = (id: string, more: Partial<StoredMail> = {}): StoredMail => ({
  id,
  from: alice,
  fromName: '',
  to: [bob],
  subject: id,
  messageId: `<${id}@test>`,
  references: [],
  sealed: false,
  receivedAtMs: 0,
  raw: Buffer.alloc(0),
  ...more,
})
const ids = (mails: readonly StoredMail[]): readonly string[] => mails.map(({ id }) => id)

describe('the conversation of a mail', () => {
  const first = mailOf('first', { to: [bob, carol], sealed: true })
  const second = mailOf('second', { from: bob, to: [alice], references: ['<first@test>'] })
  const third = mailOf('third', { from: carol, to: [alice], references: ['<first@test>'] })
  // Knows the first only by way of the second, which knows it.
  const fourth = mailOf('fourth', { to: [carol], references: ['<second@test>'] })
  const other = mailOf('other')
  const newestFirst = [fourth, other, third, second, first]

  it('is every mail of its chain, oldest first, whichever of them is open', () => {
    for (const open of [first, second, third, fourth])
      expect(ids(conversationOf(open, newestFirst, null))).toEqual([
        'first',
        'second',
        'third',
        'fourth',
      ])
    expect(ids(conversationOf(other, newestFirst, null))).toEqual(['other'])
  })

  it('is, for one person, what they got and what they wrote', () => {
    expect(ids(conversationOf(third, newestFirst, 'ALICE@example.com'))).toHaveLength(4)
    expect(ids(conversationOf(first, newestFirst, bob))).toEqual(['first', 'second'])
    expect(ids(conversationOf(third, newestFirst, carol))).toEqual(['first', 'third', 'fourth'])
  })

  it('holds mails together whose common ancestor never came here', () => {
    const one = mailOf('one', { references: ['<lost@test>'] })
    const two = mailOf('two', { references: ['<lost@test>'] })
    expect(ids(conversationOf(one, [two, one, other], null))).toEqual(['one', 'two'])
  })

  it('shows what went out in two halves to its writer whole, and to others the half that they got', () => {
    const dave = 'dave@example.com'
    const sealed = mailOf('sealed', { messageId: '<m@test>', sealed: true })
    const plain = mailOf('plain', { messageId: '<m@test>', to: [dave] })
    const toMyself = mailOf('own', { messageId: '<m@test>', to: [dave, alice] })
    expect(ids(conversationOf(plain, [plain, sealed], dave))).toEqual(['plain'])
    expect(ids(conversationOf(sealed, [plain, sealed], bob))).toEqual(['sealed'])
    expect(ids(conversationOf(sealed, [plain, sealed], alice))).toEqual(['sealed', 'plain'])
    expect(ids(conversationOf(toMyself, [toMyself, sealed], alice))).toEqual(['own'])
    expect(ids(conversationOf(plain, [plain, sealed], null))).toEqual(['sealed', 'plain'])
  })

  it('is bounded in time and length for thousands of mails with the same ids', () => {
    const references = Array.from({ length: 200 }, (_, at) => `<${at}@test>`)
    const many = Array.from({ length: 2000 }, (_, at) => mailOf(`${at}`, { references }))
    const [newest = other] = many
    const startMs = performance.now()
    expect(conversationOf(newest, many, alice)).toHaveLength(200)
    expect(performance.now() - startMs).toBeLessThan(20_000)
  })

  it('is nothing but the mail itself where there is no id', () => {
    const [one, two] = [mailOf('one', { messageId: '' }), mailOf('two', { messageId: '' })]
    expect(ids(conversationOf(one, [two, one], null))).toEqual(['one'])
  })
})
