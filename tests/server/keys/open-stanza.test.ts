import { randomBytes } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Policy } from '../../../src/core/policy/policy.ts'
import { readAgeHeader } from '../../../src/core/envelope/open.ts'
import { formatStanza, parseStanza } from '../../../src/core/envelope/stanza.ts'
import { BOB, NOW_MS, address, installation, openHere, proofOf, sealHere } from './installation.ts'

describe('stanzas that were swapped, altered or made up', () => {
  it('refuses any flipped bit', async () => {
    const here = await installation()
    const { stanza } = await sealHere(here)
    const parsed = parseStanza(stanza)
    if (!parsed) throw new Error('no stanza')
    await fc.assert(
      fc.asyncProperty(fc.nat(parsed.body.length * 8 - 1), async bit => {
        const body = Uint8Array.from(parsed.body)
        body[bit >> 3] = (body[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        const altered = formatStanza({ keyId: parsed.keyId, body })
        expect(await here.portal.openStanza(altered)).toEqual({ ok: false, code: 'bad-envelope' })
      }),
      { numRuns: 60 },
    )
  })

  it('refuses any text that is no stanza, and never throws', async () => {
    const { portal } = await installation()
    const any = fc.oneof(fc.string(), fc.string({ unit: 'binary', maxLength: 300 }))
    await fc.assert(
      fc.asyncProperty(any, async text => {
        for (const stanza of [text, `-> zegel.v1 ${text}\n`, `-> zegel.v1 AAAA\n${text}`])
          expect(await portal.openStanza(stanza)).toEqual({ ok: false, code: 'bad-envelope' })
      }),
    )
  })

  it('refuses a body of any length under a key that it knows', async () => {
    const here = await installation()
    const { sealingKeyId } = await here.gateway.materialFor('example', null, NOW_MS)
    for (const length of [1, 1119, 1120, 1121, 1136, 1137, 3000, 70_000]) {
      const stanza = formatStanza({ keyId: sealingKeyId, body: randomBytes(length) })
      expect(await here.portal.openStanza(stanza)).toEqual({ ok: false, code: 'bad-envelope' })
    }
  })

  it('looks at no stanza larger than any that exists', async () => {
    const { portal } = await installation()
    const stanza = `-> zegel.v1 ${'A'.repeat(22)}\n${`${'A'.repeat(64)}\n`.repeat(1_600)}\n`
    expect(await portal.openStanza(stanza)).toEqual({ ok: false, code: 'bad-envelope' })
  })

  it('takes the largest record that can be made', async () => {
    const here = await installation()
    const recipients = Array.from({ length: 800 }, (_, i) => ({
      address: address(`recipient-number-${i}@example.org`),
      listed: true,
    }))
    const message = await sealHere(here, { recipients })
    expect(await here.portal.openStanza(message.stanza)).toMatchObject({ ok: true })
  })

  it('opens only with the share that belongs to it', async () => {
    const here = await installation()
    const [one, two] = [await sealHere(here), await sealHere(here)]
    const swapped = { ...one, stanza: two.stanza }
    await expect(openHere(here, swapped, [proofOf(BOB)])).rejects.toThrow('wrong-key')
    expect(readAgeHeader(one.ageFile).stanzaText).toBe(one.stanza)
  })
})

describe('threat: somebody outside who passes for somebody inside', () => {
  const writer = { address: BOB, method: 'passcode', assurance: 'mailbox' } as const
  const alias = address('bob=example.net.x@replies.example.com')
  const codeOf = async (fields: Partial<Policy>) => {
    const here = await installation()
    const opened = await here.portal.openStanza((await sealHere(here, fields)).stanza)
    return opened.ok ? 'opened' : opened.code
  }

  it('a writer outside stands behind an address under the reply domain, and nobody else does', async () => {
    expect(await codeOf({ sender: alias, writer })).toBe('opened')
    const former = address('bob=example.net.x@answers.example.com')
    expect(await codeOf({ sender: former, writer })).toBe('opened')
    expect(await codeOf({ sender: alias })).toBe('bad-envelope')
    expect(await codeOf({ sender: address('alice@example.com'), writer })).toBe('bad-envelope')
    const foreign = address('bob=example.net.x@replies.other.test')
    expect(await codeOf({ sender: foreign, writer })).toBe('bad-envelope')
  })
})
