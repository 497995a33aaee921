import { describe, expect, it, vi } from 'vitest'
import { releaseKey } from '../../../src/browser/viewer/release-key.ts'
import type { PortalApi } from '../../../src/browser/viewer/portal-api.ts'
import type { ReleaseAnswer } from '../../../src/core/api/messages.ts'
import { fromBase64, toBase64 } from '../../../src/core/envelope/base64.ts'
import { joinShares } from '../../../src/core/envelope/share.ts'
import { sealRelease } from '../../../src/server/crypto/seal-release.ts'

const portalShare = Uint8Array.from({ length: 16 }, (_, i) => i + 1)
const envelopeShare = Uint8Array.from({ length: 16 }, (_, i) => 200 - i)
const stanza = '-> zegel.v1 AAAAAAAAAAAAAAAAAAAAAA\nAAAA\n'

/** A portal that answers as the real one does, for the stanza that it was asked for or another. */
function portal(share: Uint8Array, sealedFor = stanza): Pick<PortalApi, 'release'> {
  return {
    async release({ browserKey }) {
      const { enc, ct } = await sealRelease(
        fromBase64(browserKey) ?? new Uint8Array(),
        sealedFor,
        share,
      )
      return {
        ok: true,
        value: { enc: toBase64(enc), ct: toBase64(ct), signingKey: '' } as unknown as ReleaseAnswer,
      }
    },
  }
}

describe('releaseKey', () => {
  it('joins the share that the portal sealed to this browser with the envelope’s', async () => {
    const answer = await releaseKey(portal(portalShare), stanza, envelopeShare)
    expect(answer.ok && answer.value.fileKey).toEqual(joinShares(portalShare, envelopeShare))
  })

  it('uses another key each time', async () => {
    const keys: string[] = []
    const noting: Pick<PortalApi, 'release'> = {
      release: request => {
        keys.push(request.browserKey)
        return portal(portalShare).release(request)
      },
    }
    await releaseKey(noting, stanza, envelopeShare)
    await releaseKey(noting, stanza, envelopeShare)
    expect(new Set(keys).size).toBe(2)
    expect(fromBase64(keys[0] ?? '')).toHaveLength(65)
  })

  it('opens the share with the audited curve where Web Crypto has none', async () => {
    const lacking = vi.spyOn(crypto.subtle, 'generateKey')
    lacking.mockRejectedValueOnce(new DOMException('Unrecognized name.', 'NotSupportedError'))
    const answer = await releaseKey(portal(portalShare), stanza, envelopeShare)
    expect(lacking).toHaveBeenCalledOnce()
    lacking.mockRestore()
    expect(answer.ok && answer.value.fileKey).toEqual(joinShares(portalShare, envelopeShare))
  })

  it('refuses a share that was sealed for another stanza', async () => {
    const answer = await releaseKey(portal(portalShare, `${stanza}x`), stanza, envelopeShare)
    expect(answer).toEqual({ ok: false, refusal: { code: 'bad-envelope' } })
  })

  it('refuses a share of another length', async () => {
    const answer = await releaseKey(portal(new Uint8Array(15)), stanza, envelopeShare)
    expect(answer).toEqual({ ok: false, refusal: { code: 'bad-envelope' } })
  })

  it('hands on what the portal refuses', async () => {
    const refusing: Pick<PortalApi, 'release'> = {
      release: () => Promise.resolve({ ok: false, refusal: { code: 'expired' } }),
    }
    expect(await releaseKey(refusing, stanza, envelopeShare)).toEqual({
      ok: false,
      refusal: { code: 'expired' },
    })
  })
})
