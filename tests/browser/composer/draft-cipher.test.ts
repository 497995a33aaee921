import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  draftCipher,
  newDraftKey,
  sealAtOnce,
} from '../../../src/browser/composer/drafts/draft-cipher.ts'
import { readKept, writeKept } from '../../../src/browser/composer/drafts/kept-draft.ts'
import type { KeptDraft } from '../../../src/browser/composer/drafts/kept-draft.ts'
import { newId } from '../../../src/browser/composer/new-id.ts'
import { parseAddress } from '../../../src/core/address/address.ts'
import type { Address } from '../../../src/core/address/address.ts'
import { utf8 } from '../../../src/core/envelope/bytes.ts'

const cipher = async () => {
  const made = await draftCipher(newDraftKey())
  if (made === null) throw new Error('no cipher')
  return made
}

describe('what is kept of a draft', () => {
  it('opens under its own name and key alone', async () => {
    const [own, other] = [await cipher(), await cipher()]
    const sealed = await own.seal('tab/draft', utf8('secret words'))
    expect(Buffer.from(sealed).includes('secret')).toBe(false)
    expect(await own.open('tab/draft', sealed)).toEqual(utf8('secret words'))
    expect(await own.open('tab/file-1', sealed)).toBeNull()
    expect(await other.open('tab/draft', sealed)).toBeNull()
    expect(await own.open('tab/draft', new Uint8Array(3))).toBeNull()
  })

  it('is never sealed twice in the same way', async () => {
    const own = await cipher()
    expect(await own.seal('a', utf8('x'))).not.toEqual(await own.seal('a', utf8('x')))
  })

  it('opens also what was sealed at once, under its own name and key alone', async () => {
    const key = newDraftKey()
    const sealed = sealAtOnce(Uint8Array.from(Buffer.from(key, 'base64')), 'a', utf8('last words'))
    const own = await draftCipher(key)
    expect(await own?.open('a', sealed)).toEqual(utf8('last words'))
    expect(await own?.open('b', sealed)).toBeNull()
    expect(await (await cipher()).open('a', sealed)).toBeNull()
  })

  it('has no key of another length', async () => {
    expect(await draftCipher('')).toBeNull()
    expect(await draftCipher('AAAA')).toBeNull()
    expect(await draftCipher('not base64!')).toBeNull()
  })
})

const kept: KeptDraft = {
  version: 1,
  messageId: newId(),
  writer: 'bob@example.org',
  wasTried: true,
  draft: {
    kind: 'reply-all',
    submissionId: newId(),
    to: [{ address: parseAddress('alice@example.com') as Address, name: 'Alice' }],
    cc: [],
    copyToWriter: false,
    writerName: 'Bob',
    subject: 'Re: x',
    format: 'html',
    written: '<p>y</p>',
    quoted: true,
    files: [
      { id: 'f', name: 'a.png', type: 'image/png', contentId: 'c@picture', isOriginal: false },
    ],
  },
}

describe('a kept draft', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(0x10ffff), { maxLength: 40 }), points => {
        const written = String.fromCodePoint(...points)
        const draft = { ...kept, draft: { ...kept.draft, written: written.toWellFormed() } }
        expect(readKept(writeKept(draft))).toEqual(draft)
      }),
    )
  })

  it('of another version of the page is none', () => {
    for (const other of [{ ...kept, version: 2 }, { ...kept, more: 1 }, { ...kept, draft: {} }, []])
      expect(readKept(utf8(JSON.stringify(other)))).toBeNull()
  })
})
