import { describe, expect, it } from 'vitest'
import { parseAddress } from '../../../src/core/address/address.ts'
import type { Address } from '../../../src/core/address/address.ts'
import { absent, addPerson, isInside } from '../../../src/browser/composer/people.ts'
import type { Circle } from '../../../src/browser/composer/people.ts'

const address = (words: string): Address => {
  const parsed = parseAddress(words)
  if (parsed === null) throw new Error(words)
  return parsed
}
const person = (words: string) => ({ address: address(words), name: '' })
const circle: Circle = {
  participants: ['alice@example.com', 'bob@example.org', 'carol@example.net'],
  inside: ['alice@example.com'],
  mayForward: true,
}
const closed = { ...circle, mayForward: false }

describe('who is added to an answer', () => {
  it('is anybody where the sender allows forwarding, with a name as it is copied from elsewhere', () => {
    expect(addPerson(' Dave <Dave@Example.net> ', [], circle)).toEqual({
      ok: true,
      person: { address: 'dave@example.net', name: 'Dave' },
    })
  })

  it('is nobody but who takes part where the sender does not', () => {
    expect(addPerson('dave@example.net', [], closed)).toEqual({ ok: false, why: 'notParticipant' })
    expect(addPerson('carol@example.net', [], closed).ok).toBe(true)
  })

  it('is no address twice, and nothing that is none', () => {
    const there = [person('carol@example.net')]
    expect(addPerson('CAROL@example.net', there, circle)).toMatchObject({ why: 'alreadyThere' })
    expect(addPerson('carol', [], circle)).toMatchObject({ why: 'addressWrong' })
    expect(addPerson('  ', [], circle)).toMatchObject({ why: 'addressNeeded' })
  })

  it('is at most 20 who do not take part yet, and 100 in all', () => {
    const strangers = Array.from({ length: 20 }, (_, i) => person(`s${i}@example.net`))
    expect(addPerson('one@more.test', strangers, circle)).toMatchObject({ why: 'tooManyAdded' })
    expect(addPerson('bob@example.org', strangers, circle).ok).toBe(true)
    expect(addPerson('one@more.test', strangers.slice(1), circle).ok).toBe(true)
    const crowd = Array.from({ length: 100 }, (_, i) => person(`c${i}@example.net`))
    const large = {
      ...circle,
      participants: [...circle.participants, ...crowd.map(one => one.address)],
    }
    expect(addPerson('bob@example.org', crowd, large)).toMatchObject({ why: 'tooMany' })
  })

  it('is proposed when taking part, but for the writer and who is there', () => {
    expect(absent([person('alice@example.com')], circle, 'bob@example.org')).toEqual([
      'carol@example.net',
    ])
  })
})

describe('who is inside', () => {
  it('is who has the domain of a participant inside, and never one below or beside it', () => {
    expect(isInside('dave@example.com', circle)).toBe(true)
    for (const one of ['dave@sub.example.com', 'dave@notexample.com', 'carol@example.net'])
      expect(isInside(one, circle), one).toBe(false)
  })
})
