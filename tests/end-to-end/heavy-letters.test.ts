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
let open: Page
beforeAll(async () => {
  running = await startFrameHarness()
  reader = await running.open('reader')
  open = await running.open('none')
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
  'elements in elements': `${'<div>'.repeat(200)}${repeated(300, at => `<i>${at}</i>`)}${'</div>'.repeat(200)}`,
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

  it('more than a million characters of them are cut', async () => {
    const style = `<style>${'p{margin:0px}'.repeat(60_000)}</style>`
    const length = await reader.evaluate(
      source => globalThis.harness.sanitise(source).length,
      style.repeat(3),
    )
    expect(length).toBeGreaterThan(1_000_000)
    expect(length).toBeLessThan(1_500_000)
  })
})

/** In the middle of an element that is opened, so that the vector is cleaned apart from what is around it. */
const within = (html: string): string => `<div>${'<i>.</i>'.repeat(110)}${html}`

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

describe('threat: a long letter that fetches or runs', () => {
  const own = [...requestVectors, ...actionVectors].map(({ html }) => within(html))
  /** Those that a list knows are all tried on letters that are drawn at once; here some of them. */
  const some = <T>(list: readonly T[]): readonly T[] => list.filter((_, at) => at % 30 === 0)
  const known = noCorpus ? [] : [...some(leakVectors()), ...some(readPayloads(corpus))].map(within)
  const ran = (page: Page): Promise<number> => page.evaluate(() => globalThis.harness.ran)

  it('does neither as the reader shows it', async () => {
    for (const messages of batches(batches([...own, ...known], 25), 20))
      await reader.evaluate(shown => globalThis.harness.pour(shown, 'strict'), messages)
    expect(running.leaks()).toEqual([])
    expect(await ran(reader)).toBe(0)
    expect(reader.url()).toMatch(/\/reader$/)
  })

  it('does neither in the frame alone, without the sanitiser', async () => {
    for (const batch of batches([...own, ...known], 100))
      await open.evaluate(raw => globalThis.harness.pourRaw(raw), batch)
    expect(running.leaks()).toEqual([])
    expect(await ran(open)).toBe(0)
    expect(open.url()).toMatch(/\/none$/)
  })

  it('does neither by the sanitiser alone, but for the reviewed ways to fetch', async () => {
    for (const messages of batches(batches([...own, ...known], 25), 20))
      await open.evaluate(shown => globalThis.harness.pour(shown, 'lax'), messages)
    const reviewed = new Set(misses.map(({ vector }) => vector))
    expect(running.leaks().filter(leak => !reviewed.has(vectorOf(leak)))).toEqual([])
    expect(await ran(open)).toBe(0)
  })
})
