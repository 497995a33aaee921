import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  formatShare,
  joinShares,
  parseShare,
  splitFileKey,
} from '../../../src/core/envelope/share.ts'

const bytes16 = fc.uint8Array({ minLength: 16, maxLength: 16 })

describe('shares', () => {
  it('give the file key back when they are joined, in either order', () => {
    fc.assert(
      fc.property(bytes16, bytes16, (fileKey, envelopeShare) => {
        const portalShare = splitFileKey(fileKey, envelopeShare)
        expect(joinShares(portalShare, envelopeShare)).toEqual(fileKey)
        expect(joinShares(envelopeShare, portalShare)).toEqual(fileKey)
      }),
    )
  })

  it('say nothing alone: every file key is possible with every portal share', () => {
    fc.assert(
      fc.property(bytes16, bytes16, (fileKey, portalShare) => {
        const fitting = joinShares(fileKey, portalShare)
        expect(splitFileKey(fileKey, fitting)).toEqual(portalShare)
      }),
    )
  })

  it('refuse another length', () => {
    expect(() => joinShares(new Uint8Array(15), new Uint8Array(16))).toThrow('wrong-key')
    expect(() => splitFileKey(new Uint8Array(16), new Uint8Array(32))).toThrow('wrong-key')
  })

  it('stand in a fragment as 22 characters', () => {
    fc.assert(
      fc.property(bytes16, share => {
        expect(formatShare(share)).toMatch(/^[A-Za-z0-9_-]{22}$/)
        expect(parseShare(formatShare(share))).toEqual(share)
        expect(parseShare(`#${formatShare(share)}`)).toEqual(share)
      }),
    )
  })

  it.each([
    '',
    '#',
    'AAAA',
    'A'.repeat(21),
    'A'.repeat(23),
    `${'A'.repeat(21)}B`,
    `${'A'.repeat(21)}=`,
    `##${'A'.repeat(22)}`,
  ])('are not read from %j', text => {
    expect(parseShare(text)).toBeNull()
  })
})
