import { describe, expect, it } from 'vitest'
import { answerAddresses } from '../../../src/browser/composer/addressing/answer-addresses.ts'
import type { Answered } from '../../../src/browser/composer/addressing/answer-addresses.ts'
import { readMailboxes } from '../../../src/browser/viewer/mail/addresses.ts'
import type { ReplyKind } from '../../../src/core/reply/reply-head.ts'

const everybody = ['alice@example.com', 'ann@example.com', 'bob@example.org', 'carol@example.net']

interface Header {
  readonly from?: string
  readonly replyTo?: string
  readonly to?: string
  readonly cc?: string
}

function answer(kind: ReplyKind, header: Header, changes: Partial<Answered> = {}) {
  const {
    from = 'Alice <alice@example.com>',
    replyTo = '',
    to = 'bob@example.org',
    cc = '',
  } = header
  const letter = {
    from: readMailboxes(from),
    replyTo: readMailboxes(replyTo),
    to: readMailboxes(to),
    cc: readMailboxes(cc),
  }
  const found = answerAddresses(kind, {
    letter,
    own: ['bob@example.org'],
    participants: everybody,
    sender: { address: 'alice@example.com', name: 'Alice' },
    ...changes,
  })
  const addresses = (list: readonly { readonly address: string }[]) => list.map(one => one.address)
  const { leftOut, tooMany } = found
  const both = { to: addresses(found.to), cc: addresses(found.cc), leftOut }
  return tooMany ? { ...both, tooMany } : both
}

describe('addresses of an answer', () => {
  it('goes to the sender, by name', () => {
    expect(answer('reply', {})).toEqual({ to: ['alice@example.com'], cc: [], leftOut: [] })
  })

  it('goes to Reply-To before From', () => {
    const { to } = answer('reply', { replyTo: 'ann@example.com, carol@example.net' })
    expect(to).toEqual(['ann@example.com', 'carol@example.net'])
  })

  it('goes to From when nobody in Reply-To is in the conversation, and says whom it leaves out', () => {
    const all = answer('reply-all', {
      replyTo: 'list@lists.example',
      to: 'bob@example.org, list@lists.example',
    })
    expect(all).toEqual({ to: ['alice@example.com'], cc: [], leftOut: ['list@lists.example'] })
  })

  it('reaches all, To and Cc kept apart, the reader left out', () => {
    const header = { to: 'BOB@example.org, ann@example.com', cc: 'Carol <carol@example.net>' }
    const expected = {
      to: ['alice@example.com', 'ann@example.com'],
      cc: ['carol@example.net'],
      leftOut: [],
    }
    expect(answer('reply-all', header)).toEqual(expected)
  })

  it('writes to nobody twice, whatever the case, also not in Cc', () => {
    const header = {
      to: 'ANN@Example.com, ann@example.com',
      cc: 'ann@EXAMPLE.com, alice@example.com',
    }
    expect(answer('reply-all', header)).toEqual({
      to: ['alice@example.com', 'ann@example.com'],
      cc: [],
      leftOut: [],
    })
  })

  it('answers an own message to those whom it was written to', () => {
    const own = { from: 'bob@example.org', to: 'alice@example.com', cc: 'carol@example.net' }
    expect(answer('reply', own)).toMatchObject({ to: ['alice@example.com'], cc: [] })
    expect(answer('reply-all', own)).toMatchObject({
      to: ['alice@example.com'],
      cc: ['carol@example.net'],
    })
  })

  it('takes the own message for own by its Reply-To: From is an address of the organisation that stands for the writer', () => {
    const own = {
      from: '"Bob (bob@example.org, external)" <bob=example.org.x@replies.example.com>',
      replyTo: 'bob@example.org',
      to: 'alice@example.com',
    }
    expect(answer('reply', own).to).toEqual(['alice@example.com'])
  })

  it('answers another outside writer at their own address', () => {
    const header = {
      from: '"Carol (carol@example.net, external)" <carol=example.net.x@replies.example.com>',
      replyTo: 'carol@example.net',
      to: 'alice@example.com, bob@example.org',
    }
    expect(answer('reply', header).to).toEqual(['carol@example.net'])
    expect(answer('reply-all', header).to).toEqual(['carol@example.net', 'alice@example.com'])
  })

  it('falls back on the verified sender when the letter cannot be read, or names nobody of the conversation', () => {
    expect(answer('reply', {}, { letter: null }).to).toEqual(['alice@example.com'])
    expect(answer('reply', { from: 'mallory@evil.example' })).toEqual({
      to: ['alice@example.com'],
      cc: [],
      leftOut: ['mallory@evil.example'],
    })
  })

  it('proposes nobody who is not in the conversation', () => {
    const strangers = { from: 'x@evil.example', replyTo: 'y@evil.example', to: 'z@evil.example' }
    const { to, cc } = answer('reply-all', strangers, { participants: [] })
    expect([...to, ...cc]).toEqual([])
  })

  it('writes to nobody when a letter is forwarded', () => {
    expect(answer('forward', {})).toEqual({ to: [], cc: [], leftOut: [] })
  })

  it('writes to a hundred at most', () => {
    const many = Array.from({ length: 150 }, (_, i) => `p${i}@example.com`)
    const found = answer(
      'reply-all',
      { to: many.join() },
      { participants: [...everybody, ...many] },
    )
    expect(found.to).toHaveLength(100)
    expect(found).toMatchObject({ leftOut: [], tooMany: true })
  })
})
