import { describe, expect, it } from 'vitest'
import { linkAddress } from '../../../src/browser/composer/editor/link-address.ts'
import { pictureAddresses } from '../../../src/browser/composer/editor/picture-addresses.ts'
import { rove } from '../../../src/browser/composer/editor/rove.ts'
import { isFormatted, textToHtml } from '../../../src/browser/composer/editor/written-formats.ts'

describe('the address of a link', () => {
  it.each([
    ['example.com/a?b=c', 'https://example.com/a?b=c'],
    [' http://example.com ', 'http://example.com/'],
    ['example.com:8443/x', 'https://example.com:8443/x'],
    ['bob@example.org', 'mailto:bob@example.org'],
    ['mailto:bob@example.org', 'mailto:bob@example.org'],
  ])('%s is %s', (typed, address) => expect(linkAddress(typed)).toBe(address))

  it.each([
    '',
    'word',
    'two words.com',
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///etc',
    'mailto:',
  ])('%s is none', typed => expect(linkAddress(typed)).toBeNull())
})

describe('pictures in the text', () => {
  const picturesOf = () => {
    const ended: string[] = []
    let made = 0
    const pictures = pictureAddresses({
      createObjectURL: () => `blob:${++made}`,
      revokeObjectURL: address => void ended.push(address),
    })
    return { pictures, ended }
  }

  it('are called by their bytes where they are shown, by their id where they are kept', () => {
    const { pictures } = picturesOf()
    const shown = pictures.add('one@picture', new Blob())
    expect(pictures.add('one@picture', new Blob())).toBe(shown)
    expect(pictures.kept(shown)).toBe('cid:one@picture')
    expect(pictures.live('cid:one@picture')).toBe(shown)
    expect(pictures.live(shown)).toBe(shown)
  })

  it('are none but those of the answer', () => {
    const { pictures } = picturesOf()
    pictures.add('one@picture', new Blob())
    for (const other of [
      'blob:9',
      'cid:two@picture',
      'https://example.com/x.png',
      'data:image/png,',
    ])
      expect([pictures.live(other), pictures.kept(other)], other).toEqual([null, null])
  })

  it('are let go in the end', () => {
    const { pictures, ended } = picturesOf()
    const shown = pictures.add('one@picture', new Blob())
    pictures.end()
    expect(ended).toEqual([shown])
    expect(pictures.live('cid:one@picture')).toBeNull()
  })
})

describe('the row of formats', () => {
  it('is gone through by arrows, round its ends, the way that is read', () => {
    expect(rove('ArrowRight', 0, 9, false)).toBe(1)
    expect(rove('ArrowLeft', 0, 9, false)).toBe(8)
    expect(rove('ArrowLeft', 8, 9, true)).toBe(0)
    expect(rove('End', 3, 9, true)).toBe(8)
    expect(rove('Home', 3, 9, false)).toBe(0)
    expect(rove('Tab', 3, 9, false)).toBeNull()
  })
})

describe('plain text', () => {
  it('becomes a block a line, with nothing in it that is taken for HTML', () => {
    expect(textToHtml('a <b>\n\n& c')).toBe(
      '<div dir="auto">a &lt;b&gt;</div><div dir="auto"><br></div><div dir="auto">&amp; c</div>',
    )
    expect(textToHtml('')).toBe('')
  })

  it('loses nothing of lines, and something of formats', () => {
    expect(isFormatted('<div dir="auto">a<br></div><p>b</p>')).toBe(false)
    for (const formatted of ['<b>a</b>', '<div><img src="cid:x"></div>', '<ul><li>a</li></ul>'])
      expect(isFormatted(formatted), formatted).toBe(true)
  })
})
