import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { isHeavy } from '../../src/browser/viewer/body/is-heavy.ts'
import { startFrameHarness } from './support/frame-harness.ts'
import type { RunningHarness } from './support/frame-harness.ts'
import { actionVectors, requestVectors, vectorOf } from './support/own-vectors.ts'
import { readPayloads } from './support/xss-payloads.ts'

const corpus = fileURLToPath(new URL('../../../shared/corpus/', import.meta.url))
const noCorpus = existsSync(corpus) ? false : 'the shared corpus is not on this machine'

let running: RunningHarness
let reader: Page
beforeAll(async () => {
  running = await startFrameHarness()
  reader = await running.open('reader')
})
afterAll(async () => {
  await running?.close()
})
beforeEach(() => running.forgetLeaks())

const repeated = (count: number, piece: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => piece(at)).join('')

const older = '<blockquote type="cite"><p>An older message. </p>'.concat(
  repeated(300, at => `<p>Line ${at} of it</p>`),
  '</blockquote>',
)
const letters: Readonly<Record<string, string>> = {
  paragraphs: `<html dir="rtl"><head><style>p{margin:1em}</style></head><body style="color:#123" bgcolor="#fff">${repeated(500, at => `<p style="font-size:${at % 9}px">${at} <a href="https://example.com/${at}">there</a><img src="https://leaking.via/${at}">`)}`,
  'a table': `<div><table border="1"><tbody>${repeated(200, at => `<tr><td>${at}</td><td><b>x</b></td></tr>`)}</tbody></table></div>`,
  'elements that only their children are left of': `<form><o:p>${repeated(300, at => `<i>${at}</i>`)}</o:p></form><select>${repeated(200, () => '<option>x')}</select><p>end`,
  'a drawing': `<svg>${repeated(300, () => '<g><title>x</title></g>')}</svg><math>${repeated(200, () => '<mi>x</mi>')}</math><p>end`,
  'elements in elements': `${'<div>'.repeat(90)}${repeated(300, at => `<i>${at}</i>`)}${'</div>'.repeat(90)}`,
  'text alone': `<pre>${'long &lt;b&gt; '.repeat(40_000)}</pre><style>p{color:red}</style>`,
  'an older message': `<p>The answer.</p>${older}`,
}

describe('a letter that is drawn in slices', () => {
  it.each(Object.entries(letters))('holds the same as one drawn at once: %s', async (_, html) => {
    await reader.evaluate(source => globalThis.harness.show([[source]]), html)
    const [atOnce] = await reader.evaluate(() => globalThis.harness.bodies())
    const [poured] = await reader.evaluate(
      source => globalThis.harness.pour([[source]], 'strict'),
      html,
    )
    expect(poured?.html).toBe(atOnce)
    expect(poured?.share).toBe(1)
  })

  it('keeps the attributes of its body, counts what was kept out, knows its colours', async () => {
    const html = letters['paragraphs'] ?? ''
    const [poured] = await reader.evaluate(
      source => globalThis.harness.pour([[source]], 'strict'),
      html,
    )
    expect(poured?.remote).toEqual({ picture: 500 })
    expect(poured?.coloured).toBe(true)
    const body = await reader.evaluate(() => {
      const page = document.querySelector('iframe')?.contentDocument
      return [page?.dir, page?.body.style.color]
    })
    expect(body).toEqual(['rtl', 'rgb(17, 34, 51)'])
  })

  it('is read whatever names in it take the place of functions', async () => {
    const html = `<img name="write"><img name="close"><img name="createElement"><img name="importNode"><form name="body"><input name="childNodes"><input name="firstElementChild">${repeated(200, () => '<i>x</i>')}</form><p>x</p>${older}`
    const [poured] = await reader.evaluate(
      source => globalThis.harness.pour([[source]], 'strict'),
      html,
    )
    await reader.evaluate(source => globalThis.harness.show([[source]]), html)
    const [atOnce] = await reader.evaluate(() => globalThis.harness.bodies())
    for (const one of [poured?.html, atOnce])
      expect(one).toMatch(/<p>x<\/p><details.*Line 299 of it/)
  })

  it('keeps its pieces apart', async () => {
    const pieces = ['<b>one', '<style>i{color:red}</style><i>two', 'three']
    const [poured] = await reader.evaluate(
      source => globalThis.harness.pour([source], 'strict'),
      pieces,
    )
    expect(poured?.html.replaceAll(/\s*<style>.*<\/style>/g, '')).toBe(
      '<b>one</b><hr><i>two</i><hr>three',
    )
  })

  it('counts what would be fetched from templates and drawings too, by a base that comes last', async () => {
    const pictures = repeated(150, at => `<image href="/in-a-drawing/${at}"/>`)
    const html = `<template>${repeated(150, at => `<img src="https://leaking.via/${at}">`)}</template><svg>${pictures}</svg><p>x</p><base href="https://leaking.via">`
    const [poured] = await reader.evaluate(
      source => globalThis.harness.pour([[source]], 'strict'),
      html,
    )
    expect(poured).toMatchObject({ html: '<p>x</p>', remote: { picture: 300 }, share: 1 })
  })

  it('has long tables in parts, so that not all of one is laid out for each new row: in order, with their columns', async () => {
    const rows = (name: string): string => repeated(1500, at => `<tr><td>${name}${at},</td></tr>`)
    const html = `<div><table class="t"><colgroup><col width="9"></colgroup><tbody id="a">${rows('a')}</tbody><tbody id="b">${rows('b')}</tbody></table><p>end</p></div>`
    const [poured] = await reader.evaluate(
      source => globalThis.harness.pour([[source]], 'strict'),
      html,
    )
    const texts = await reader.evaluate(() => globalThis.harness.texts())
    const all = (name: string): string => repeated(1500, at => `${name}${at},`)
    expect(texts).toEqual([`${all('a')}${all('b')}end`])
    const tables = poured?.html.match(
      /<table class="t"><colgroup><col width="9"><\/colgroup><tbody id="[ab]"><tr>/g,
    )
    expect(tables?.length).toBeGreaterThan(2)
  })

  it('is seen before all of it is there, and is cut where no page could hold it', async () => {
    const html = repeated(6000, at => `<p>${at}</p>`)
    const [whole, cut] = await reader.evaluate(async source => {
      const [first] = await globalThis.harness.pour([[source]], 'strict')
      const [second] = await globalThis.harness.pour([[source]], 'strict', 1500)
      return [first, second]
    }, html)
    expect(whole?.looks).toBeGreaterThan(3)
    expect(whole?.html).toContain('<p>5999</p>')
    expect(cut?.share).toBeCloseTo(0.25, 1)
    expect(cut?.html).toContain('<p>1000</p>')
    expect(cut?.html).not.toContain('<p>3000</p>')
  })
})

describe('threat: a small letter that is a million elements', () => {
  const html = `<p>${repeated(450, at => `<b title="${at}">`)}${'<p>x'.repeat(2000)}`

  it('is not drawn at once: by its source, and by its tree', async () => {
    expect(isHeavy([{ html, text: null }])).toBe(true)
    expect(isHeavy([{ html: '<p>x</p>'.repeat(5000), text: null }])).toBe(false)
    const drawn = await reader.evaluate(
      sources => sources.map(source => globalThis.harness.isDrawnAtOnce(source)),
      ['<p>x</p>'.repeat(2000), '<p>x</p>'.repeat(4000), html],
    )
    expect(drawn).toEqual([true, false, false])
  })

  it('is parsed no further than a page can hold', async () => {
    const [poured] = await reader.evaluate(
      source => globalThis.harness.pour([[source]], 'strict', 2000),
      html,
    )
    expect(poured?.share).toBeLessThan(0.5)
    expect(poured?.html.length).toBeGreaterThan(10_000)
    expect(poured?.html.length).toBeLessThan(300_000)
  })
})

describe('threat: a small letter that no layout can draw', () => {
  const deep = (style: string): string =>
    `${`<div style="${style}">x`.repeat(500)}<a href="https://example.com/">end</a>`
  const manyAttributes = `<p ${repeated(20_000, at => `a${at} `)}>x</p>`

  it('is not drawn at once', async () => {
    const drawn = await reader.evaluate(
      sources => sources.map(source => globalThis.harness.isDrawnAtOnce(source)),
      [deep(''), manyAttributes, '<p>x</p>', '<div>'.repeat(90)],
    )
    expect(drawn).toEqual([false, false, true, true])
  })

  it.each([
    'display:inline-block', // the tab crashed
    'display:inline-table',
    'writing-mode:vertical-rl;display:inline-block',
    'columns:2', // for ever
    'filter:blur(5px)', // minutes
    '-webkit-box-reflect:below',
  ])('by boxes within boxes: %s', async style => {
    const page = await running.open('reader')
    const [poured] = await page.evaluate(
      source => globalThis.harness.pour([[source]], 'strict'),
      deep(style),
    )
    const text = await page.evaluate(() => globalThis.harness.texts()[0])
    expect(text).toBe(`${'x'.repeat(500)}end`)
    expect(poured?.html).toContain('href="/leave#https://example.com/"')
    expect(poured?.share).toBe(1)
    await page.close()
  })

  it('by 20,000 attributes, of its root, a form or any element: they are dropped, what is within is not', async () => {
    const attributes = repeated(20_000, at => `a${at} `)
    const html = `<html ${attributes}><body ${attributes}>a<form ${attributes}><input name=attributes><input name=replaceWith><b ${attributes}>b</b></form>${'<div>'.repeat(150)}<i ${attributes}>c</i>`
    const [poured] = await reader.evaluate(
      source => globalThis.harness.pour([[source]], 'strict'),
      html,
    )
    expect(poured?.html).toMatch(/^a<span><b>b<\/b><\/span>(?:<div>)+<br><i>c<\/i>/)
  })

  it('keeps what is deeper than it may be: texts, lines, pictures, and nothing that was no text', async () => {
    const html = `${'<div>'.repeat(120)}<style>p{color:red}</style><p>one <b>two</b></p><ul><li>three</ul><form><input name=firstElementChild>four</form>`
    const [poured] = await reader.evaluate(
      source => globalThis.harness.pour([[source]], 'strict'),
      html,
    )
    expect(poured?.html.replaceAll(/<\/?div>/g, '')).toBe(
      '<br><style>p{color: red;}</style><br>one <b>two</b><br><li>three</li>four',
    )
  })
})

describe('threat: a picture within the text that is too large', () => {
  /** A PNG says in its first bytes how large it is. */
  const png = (width: number, height: number): string => {
    const bytes = Buffer.alloc(33)
    bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52])
    bytes.writeUInt32BE(width, 16)
    bytes.writeUInt32BE(height, 20)
    return bytes.toString('base64')
  }
  const [small, bomb] = [png(30, 30), png(60_000, 60_000)]

  it.each([
    ['small', `data:image/png;base64,${small}`, true],
    ['of another type than it says', `data:image/gif;charset=x;base64,${small}`, true],
    [
      'with blanks and escapes',
      ` data:image/png;base64,${small.slice(0, 9)}%0A ${small.slice(9)}`,
      true,
    ],
    ['large', `data:image/png;base64,${bomb}`, false],
    ['large, behind a type of its own', `data:image/jpeg;a="b;base64,${bomb}`, false],
    [
      'large, in escapes',
      `data:image/png,${Buffer.from(bomb, 'base64').toString('hex').replaceAll(/../g, '%$&')}`,
      false,
    ],
    ['large, with letters of several bytes', `data:image/png,é${bomb}`, false],
    ['that does not say', 'data:image/png;base64,AAAA', false],
  ])('%s', async (_, address, isShown) => {
    const written = [
      `<img src="${address.replaceAll('"', '&quot;')}">`,
      `<p style='background-image:url("${address.replaceAll(/\s/g, '').replaceAll('"', '\\22 ')}")'>x`,
    ]
    for (const html of written) {
      const clean = await reader.evaluate(source => globalThis.harness.sanitise(source), html)
      expect(clean.includes('data:'), html).toBe(isShown)
    }
  })
})

describe('threat: style sheets that stop the page', () => {
  it('rules that look among all neighbours or descendants of each element are left out, others are not', async () => {
    const kept = ['p', 'a > b', 'a + b', '[class~="x"]', 'td:nth-child(2)', 'td:first-of-type']
    const left = ['a:has(b)', 'a:not(:has(b))', 'a ~ b', 'a:nth-child(2 of b)']
    const css = [...kept, ...left].map(selector => `${selector}{margin:0}`).join('')
    const html = await reader.evaluate(
      source => globalThis.harness.sanitise(source),
      `<style>${css}</style>x`,
    )
    for (const selector of kept) expect(html).toContain(`${selector}{`)
    for (const selector of left) expect(html).not.toContain(`${selector}{`)
  })

  it('more than 200,000 characters of them are cut', async () => {
    const style = `<style>${'p{margin:0px}'.repeat(12_000)}</style>`
    const length = await reader.evaluate(
      source => globalThis.harness.sanitise(source).length,
      style.repeat(3),
    )
    expect(length).toBeGreaterThan(200_000)
    expect(length).toBeLessThan(300_000)
  })
})

/** In the middle of an element that is opened, so that the vector is cleaned apart from what is around it. */
const within = (html: string): string => `<div>${'<i>.</i>'.repeat(110)}${html}`

/** What the parser is given first: parse-inert.ts. */
const firstSlice = 2048

/** The parser's first slice ends somewhere in the vector, and so does what is sanitised at once. */
function cut(html: string, random: () => number): string {
  const before = `<div>${'<i>.</i>'.repeat(Math.floor(60 + random() * 60))}`
  const at = Math.floor(random() * Math.min(html.length, 1000))
  return before + 'x'.repeat(firstSlice - before.length - at) + html
}

/** mulberry32: the same numbers from the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function batches<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  )
}

const leakVectors = (): readonly string[] => {
  const folder = `${corpus}html-leaks/vectors/`
  return readdirSync(folder).map(name => readFileSync(`${folder}${name}`, 'utf8'))
}

const misses = JSON.parse(
  readFileSync(new URL('./support/sanitiser-misses.json', import.meta.url), 'utf8'),
) as readonly { readonly vector: string }[]

/** Every vector, asked for by hand: takes some twenty minutes. Else our own, and of the lists some. */
const isWhole = process.env['ZEGEL_WHOLE_CORPUS'] === '1'
const seed = Number(process.env['ZEGEL_FUZZ_SEED'] ?? 1)

describe(
  'threat: a long letter that fetches or runs',
  { timeout: isWhole ? 7_200_000 : 180_000 },
  () => {
    const own = [...requestVectors, ...actionVectors].map(({ html }) => html)
    const some = <T>(list: readonly T[], one: number): readonly T[] =>
      list.filter((_, at) => isWhole || at % one === 0)
    const known = noCorpus ? [] : [...some(leakVectors(), 120), ...some(readPayloads(corpus), 120)]
    const all = [...own, ...known].map(within)
    const random = randomFrom(seed)
    const cuts = some([...own, ...known], 8).map(html => cut(html, random))

    it('would be noticed: in a frame without guards it does both', async () => {
      const page = await running.open('none')
      for (const batch of batches(own.map(within), 100))
        await page.evaluate(raw => globalThis.harness.pourRaw(raw, 'none'), batch)
      expect(await page.evaluate(() => globalThis.harness.ran)).toBeGreaterThan(10)
      await expect.poll(() => new Set(running.leaks().map(vectorOf)).size).toBeGreaterThan(30)
      await page.close()
    })

    describe.each([
      ['whole', all],
      [`cut anywhere (seed ${seed})`, cuts],
    ])('%s', (_, vectors) => {
      const messages = batches(batches(vectors, 25), 20)

      it(`does neither as the reader shows it (${vectors.length} vectors)`, async () => {
        const page = await running.open('reader')
        for (const batch of messages)
          await page.evaluate(shown => globalThis.harness.pour(shown, 'strict'), batch)
        await isUntouched(page, 'reader')
        expect(running.leaks()).toEqual([])
      })

      // The frame does not look at what it holds; message-frame.test.ts tries all of our own in it.
      it('does neither in the frame alone, without the sanitiser', async () => {
        const page = await running.open('none')
        for (const batch of batches(some(vectors, 3), 200))
          await page.evaluate(raw => globalThis.harness.pourRaw(raw, 'strict'), batch)
        await isUntouched(page, 'none')
        expect(running.leaks()).toEqual([])
      })

      it('does neither by the sanitiser alone, but for the reviewed ways to fetch', async () => {
        const page = await running.open('none')
        for (const batch of messages)
          await page.evaluate(shown => globalThis.harness.pour(shown, 'lax'), batch)
        await isUntouched(page, 'none')
        const reviewed = new Set(misses.map(({ vector }) => vector))
        expect(running.leaks().filter(leak => !reviewed.has(vectorOf(leak)))).toEqual([])
      })
    })

    /** Nothing ran in it, and it is where it was. */
    async function isUntouched(page: Page, name: string): Promise<void> {
      expect(await page.evaluate(() => globalThis.harness.ran)).toBe(0)
      expect(page.url().split('/').at(-1)).toBe(name)
      await page.close()
    }
  },
)
