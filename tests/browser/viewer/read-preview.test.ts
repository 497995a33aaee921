import { describe, expect, it } from 'vitest'
import {
  readPreview,
  repeatsItself,
} from '../../../src/browser/viewer/letter/preview/read-preview.ts'
import type { Attachment } from '../../../src/browser/viewer/letter/letter.ts'

const repeats = (svg: string | Uint8Array<ArrayBuffer>): Promise<boolean> =>
  repeatsItself(new Blob([svg]))

describe('threat: an SVG that names itself a billion times', () => {
  it('is told from a drawing', async () => {
    expect(await repeats('<svg><g id="a"/><use href="#a"/></svg>')).toBe(false)
    expect(await repeats(`<svg>${'<rect fill="url(#b)"/>'.repeat(31)}</svg>`)).toBe(true)
    expect(await repeats('<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>')).toBe(true)
    expect(await repeats(new Uint8Array([0x3c, 0, 0x73, 0]))).toBe(true) // UTF-16
  })

  it('is shown as its source', async () => {
    const svg = `<svg>${'<use href="#a"/>'.repeat(50)}</svg>`
    const attachment: Attachment = {
      name: 'a.svg',
      type: 'image/svg+xml',
      inline: false,
      bytes: new Blob([svg]),
      charset: null,
      content: null,
      unpackedFrom: null,
    }
    const { source } = await readPreview(attachment, { kind: 'picture', type: 'image/svg+xml' })
    expect(source).toEqual({ kind: 'text', text: svg })
  })
})
