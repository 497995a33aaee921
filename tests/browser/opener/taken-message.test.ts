import { describe, expect, it } from 'vitest'
import { toBase64 } from '../../../src/core/envelope/base64.ts'
import { readAgeHeader } from '../../../src/core/envelope/open.ts'
import { takeFile } from '../../../src/browser/opener/take-file.ts'
import { takePosted } from '../../../src/browser/opener/taken-message.ts'
import {
  createOrganisation,
  messageHtmlOf,
  sealWhole,
  wrapMail,
} from '../../support/sealed-message.ts'

const mail = Buffer.from('From: alice@example.com\r\nSubject: x\r\n\r\nHello\r\n')
const organisation = createOrganisation()
const html = Uint8Array.from(messageHtmlOf(await wrapMail(organisation, mail)))

describe('takeFile', () => {
  it('says how much of the file is read, to the last byte', async () => {
    const told: number[] = []
    const file = new Blob([new Uint8Array(2.5 * 1024 * 1024).fill(0x20)])
    await takeFile(file, (done, total) => {
      expect(total).toBe(file.size)
      told.push(done)
    })
    expect(told).toEqual([1, 2, 2.5].map(MiB => MiB * 1024 * 1024))
  })

  it('reads what the gateway wrote, share included', async () => {
    const taken = await takeFile(new Blob([html]))
    expect(taken).toMatchObject({ ok: true, message: { signature: { length: 64 } } })
    if (!taken.ok) return
    const ageFile = new Uint8Array(await taken.message.ageFile.arrayBuffer())
    expect(taken.message.stanza).toBe(readAgeHeader(ageFile).stanzaText)
    expect(taken.message.share).toHaveLength(16)
  })

  it.each([
    ['nothing', ''],
    ['another page', '<!doctype html><p>Hello'],
    ['a picture', '\u0089PNG\r\n'],
  ])('says that %s is no message', async (_, text) => {
    expect(await takeFile(new Blob([text]))).toEqual({ ok: false, code: 'not-a-message' })
  })

  it('refuses a file that was cut off anywhere', async () => {
    const marker = Buffer.from(html).indexOf('name="signature"')
    for (const share of [0.1, 0.5, 0.9]) {
      const cut = html.subarray(0, Math.floor(marker * share))
      expect((await takeFile(new Blob([cut]))).ok).toBe(false)
    }
  })
})

describe('takePosted', () => {
  it('reads the block of the page, whose share stands in the address', async () => {
    const sealed = await sealWhole(organisation, mail)
    const taken = await takePosted({
      envelope: toBase64(sealed.ageFile),
      signature: toBase64(sealed.signature),
    })
    expect(taken).toMatchObject({ ok: true, message: { share: null } })
  })

  it.each([
    ['no envelope', '', 'A'.repeat(86) + '=='],
    ['text that is not base64', '<script>', 'A'.repeat(86) + '=='],
    ['another file', toBase64(Buffer.from('PK')), 'A'.repeat(86) + '=='],
  ])('refuses %s', async (_, envelope, signature) => {
    expect((await takePosted({ envelope, signature })).ok).toBe(false)
  })

  it('refuses a signature of another length', async () => {
    const { ageFile } = await sealWhole(organisation, mail)
    expect(await takePosted({ envelope: toBase64(ageFile), signature: 'AAAA' })).toEqual({
      ok: false,
      code: 'damaged-message',
    })
  })
})
