import { describe, expect, it } from 'vitest'
import { countPixels } from '../../../src/browser/viewer/letter/preview/count-pixels.ts'
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

describe('threat: a picture that takes all memory', () => {
  const big = [0x00, 0x00, 0x75, 0x30]
  const png = [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]
  const riff = [0x52, 0x49, 0x46, 0x46, 0, 0, 0, 0, 0x57, 0x45, 0x42, 0x50]
  const files: Readonly<Record<string, readonly number[]>> = {
    png: [...png, ...big, ...big],
    gif: [0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 0x30, 0x75, 0x30, 0x75],
    bmp: [
      0x42,
      0x4d,
      ...Array<number>(12).fill(0),
      40,
      0,
      0,
      0,
      0x30,
      0x75,
      0,
      0,
      0xd0,
      0x8a,
      0xff,
      0xff,
    ],
    webp: [...riff, 0x56, 0x50, 0x38, 0x58, 10, 0, 0, 0, 0, 0, 0, 0, 0x2f, 0x75, 0, 0x2f, 0x75, 0],
    avif: [0, 0, 0, 8, 0x66, 0x74, 0x79, 0x70, 0x69, 0x73, 0x70, 0x65, 0, 0, 0, 0, ...big, ...big],
    jpeg: [0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc2, 0, 11, 8, 0x75, 0x30, 0x75, 0x30],
  }

  it.each(Object.entries(files))('is not drawn: %s of 30,000 by 30,000', async (type, bytes) => {
    expect(countPixels(Uint8Array.from(bytes))).toBe(900_000_000)
    const attachment: Attachment = {
      name: `a.${type}`,
      type: `image/${type}`,
      inline: false,
      bytes: new Blob([Uint8Array.from(bytes)]),
      charset: null,
      content: null,
      unpackedFrom: null,
    }
    const reading = readPreview(attachment, { kind: 'picture', type: `image/${type}` })
    await expect(reading).rejects.toThrow('too many pixels')
  })

  it('is not taken from a file that ends early', () => {
    for (const bytes of Object.values(files))
      for (const end of [0, 1, 3, bytes.length - 1])
        expect(countPixels(Uint8Array.from(bytes.slice(0, end)))).toBeNull()
  })

  it('is not drawn as filters either', async () => {
    expect(await repeats('<svg><filter><feTurbulence/></filter></svg>')).toBe(true)
    expect(await repeats(`<svg>${'<feGaussianBlur/>'.repeat(11)}</svg>`)).toBe(true)
    expect(await repeats('<svg><filter><feGaussianBlur/></filter></svg>')).toBe(false)
  })
})
