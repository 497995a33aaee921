import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startFrameHarness } from './support/frame-harness.ts'
import type { RunningHarness } from './support/frame-harness.ts'
import { actionVectors, requestVectors, vectorOf } from './support/own-vectors.ts'
import type { QuoteHarness } from './support/quote-harness-page.ts'
import { readPayloads } from './support/xss-payloads.ts'

const corpus = fileURLToPath(new URL('../../../shared/corpus/', import.meta.url))
const noCorpus = existsSync(corpus) ? false : 'the shared corpus is not on this machine'

declare global {
  // Of the page, in functions that Playwright evaluates there.
  var quoting: QuoteHarness
}

let running: RunningHarness
let page: Page
beforeAll(async () => {
  running = await startFrameHarness('quote-harness-page.ts')
  page = await running.open('none')
})
afterAll(async () => {
  await running?.close()
})
beforeEach(() => running.forgetLeaks())

const quote = (letters: readonly (readonly string[])[]): Promise<readonly string[]> =>
  page.evaluate(htmls => globalThis.quoting.quote(htmls), letters)
/** Many in one letter: each piece is cleaned alone, and a frame for each would take minutes. */
const joined = (pieces: readonly string[]): readonly (readonly string[])[] =>
  Array.from({ length: Math.ceil(pieces.length / 40) }, (_, at) =>
    pieces.slice(at * 40, at * 40 + 40),
  )
const show = (htmls: readonly string[]): Promise<void> =>
  page.evaluate(all => globalThis.quoting.show(all), htmls)

describe('threat: EFAIL in reply quotes', () => {
  it('would be noticed: a letter that is not cleaned does load', async () => {
    await show(['<img src="https://leaking.via/img">'])
    expect(running.leaks()).not.toEqual([])
  })

  it.skipIf(noCorpus)('no letter of the corpus loads anything when it is quoted', async () => {
    const folder = `${corpus}html-leaks/vectors/`
    const letters = readdirSync(folder).map(name => readFileSync(`${folder}${name}`, 'utf8'))
    const answers = await quote(joined(letters))
    expect(answers).not.toContain('')
    await show(answers)
    expect(running.leaks()).toEqual([])
  })

  it('nor does any newer way to fetch', async () => {
    await show(await quote(joined(requestVectors.map(({ html }) => html))))
    expect([...new Set(running.leaks().map(vectorOf))].toSorted()).toEqual([])
  })
})

describe('threat: webmail XSS in reply quotes', () => {
  it.skipIf(noCorpus)('nothing runs, whatever is quoted', async () => {
    // The sanitiser is that of letters, which is tried with all of them: one in eight shows that this shape of it holds.
    const payloads = readPayloads(corpus).filter((_, at) => at % 8 === 0)
    await show(await quote(joined(payloads)))
    await show(await quote(joined(actionVectors.map(({ html }) => html))))
    expect(await page.evaluate(() => globalThis.quoting.ran)).toBe(0)
  })
})

describe('threat: a quoted letter changes what the answer says', () => {
  const letters = [
    '<style>#answer,p{display:none;color:white;opacity:0}</style><p>x',
    '<style>body{visibility:hidden}</style>',
    '<div style="position:fixed;inset:0;background:white;z-index:9">I agree</div>',
    '<div style="position:absolute;top:0;left:0;width:100vw;height:100vh;background:white">I agree</div>',
    '<div style="margin-top:-500px;height:600px;background:white">I agree</div>',
    '<div style="transform:translateY(-300px) scale(20);background:white">I agree</div>',
    '<div style="position:relative;top:-400px;height:400px;background:white">I agree</div>',
    '</blockquote></div><div style="position:fixed;inset:0;background:white">I agree</div>',
    '<div style="box-shadow:0 0 0 999px white;outline:999px solid white">I agree</div>',
    '<p id="answer">I agree</p><p class="answer">',
  ]

  it('would be noticed', async () => {
    await show(
      letters.slice(2, 3).map(html => `<p id="answer">This is what was answered.</p>${html}`),
    )
    expect(await page.evaluate(() => globalThis.quoting.covered())).toEqual([true])
  })

  it('is seen as it was written, whatever is quoted', async () => {
    await show(await quote(letters.map(html => [html])))
    const covered = await page.evaluate(() => globalThis.quoting.covered())
    expect(letters.filter((_, at) => covered[at] !== false)).toEqual([])
  })
})

describe('a quoted letter', () => {
  it('keeps what it looks like, links to where they lead, and its own pictures under new names', async () => {
    const html =
      '<table><tr><td style="color:red">Price</td></tr></table><a href="https://shop.example/a?b">shop</a>' +
      '<a href="javascript:x">bad</a><img src="cid:logo@x" alt="Logo"><img src="cid:none" alt="None">' +
      '<img src="https://tracker.example/x.gif">'
    const png = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0]
    const [answer = ''] = await page.evaluate(
      ([letter, bytes]) => globalThis.quoting.quote([[letter]], { 'logo@x': bytes }),
      [html, png] as const,
    )
    expect(answer).toContain('<td style="color: red;">Price</td>')
    expect(answer).toContain('href="https://shop.example/a?b"')
    expect(answer).toMatch(/<img[^>]*src="cid:[\w-]{22}@picture"/)
    expect(answer).not.toMatch(/javascript|logo@x|tracker|\/leave#|cid:none/)
  })

  it('that would hold up the page is none', async () => {
    expect(await quote([['<b>'.repeat(25_000)], [`<p>${'x'.repeat(500_000)}`]])).toEqual(['', ''])
  })
})
