import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startFrameHarness } from './support/frame-harness.ts'
import type { RunningHarness } from './support/frame-harness.ts'
import { actionVectors, requestVectors, vectorOf } from './support/own-vectors.ts'
import { readPayloads } from './support/xss-payloads.ts'

const corpus = fileURLToPath(new URL('../../../shared/corpus/', import.meta.url))
const noCorpus = existsSync(corpus) ? false : 'the shared corpus is not on this machine'
/** Asked for by hand; takes minutes. */
const isWhole = process.env['ZEGEL_WHOLE_CORPUS'] === '1'

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

const vectorFolder = `${corpus}html-leaks/vectors/`
const vectorNames = (): readonly string[] => readdirSync(vectorFolder).sort()

function leakVectors(): readonly string[] {
  return vectorNames().map(name => readFileSync(`${vectorFolder}${name}`, 'utf8'))
}

/** Of which the page says nothing, because no browser of today would fetch anything for them unasked. */
const notCounted: readonly string[] = `
  applet-object base-href button-formaction conditional-comment-1 css-attr-notation head-profile
  iframe-javascript-src-3 iframe-javascript-src img-longdesc import-implementation-2 import-implementation
  isindex-formaction meta-name-msa-badge meta-name-msa-logo-2 meta-name-msa-logo-3 meta-name-msa-logo-4
  meta-name-msa-notification meta-name-msa-task-icon meta-name-msa-tile-image meta-property-al-web-url
  meta-property-reading-view object-param-url script-doctype svg-via-data.2 svg-via-data xml-doctype
`
  .trim()
  .split(/\s+/)
  .map(name => `${name}.html`)

const image =
  '<img src="https://leaking.via/img"><style>p{background:url(http://leaking.via/css)}</style><p>x'

describe('threat: EFAIL: a message loads nothing from elsewhere', () => {
  it('would be noticed: a frame without guards does load', async () => {
    await open.evaluate(html => globalThis.harness.showUnguardedRaw([html]), image)
    expect(running.leaks()).not.toEqual([])
  })

  it.skipIf(noCorpus)('as the reader shows it, on screen and in print', async () => {
    const messages = leakVectors().map(html => [html])
    const counted = await reader.evaluate(htmls => globalThis.harness.show(htmls), messages)
    await reader.emulateMedia({ media: 'print' })
    await reader.evaluate(() => new Promise(resolve => setTimeout(resolve, 300)))
    await reader.emulateMedia({ media: null })
    expect(running.leaks()).toEqual([])
    const silent = vectorNames().filter((_, at) => Object.keys(counted[at] ?? {}).length === 0)
    expect(silent).toEqual(notCounted)
  })

  it.skipIf(noCorpus)(
    'by the policies of page and frame alone, without the sanitiser',
    async () => {
      // Trusted Types would stop the raw text before the policies could: a page without them, with the rest.
      await open.evaluate(htmls => globalThis.harness.showRaw(htmls), leakVectors() as string[])
      expect(running.leaks()).toEqual([])
    },
  )

  it.skipIf(noCorpus)('by the sanitiser alone, without any policy', async () => {
    const messages = leakVectors().map(html => [html])
    await open.evaluate(htmls => globalThis.harness.showUnguarded(htmls), messages)
    expect(running.leaks()).toEqual([])
  })
})

/** Read one by one; each says why the other layer is enough. */
const misses = JSON.parse(
  readFileSync(new URL('./support/sanitiser-misses.json', import.meta.url), 'utf8'),
) as readonly { readonly vector: string; readonly why: string }[]

describe('threat: EFAIL: ways to fetch that are newer than the lists', () => {
  const htmls = requestVectors.map(({ html }) => html)
  const leaked = (): readonly string[] => [...new Set(running.leaks().map(vectorOf))].toSorted()

  it('would be noticed: in a frame without guards most of them do fetch', async () => {
    await open.evaluate(raw => globalThis.harness.showUnguardedRaw(raw), htmls)
    await expect.poll(() => leaked().length).toBeGreaterThan(60)
    await open.goto(open.url())
    await open.waitForFunction(() => globalThis.harness !== undefined)
  })

  it('none as the reader shows it, each said to be kept out', async () => {
    const messages = htmls.map(html => [html])
    const counted = await reader.evaluate(shown => globalThis.harness.show(shown), messages)
    expect(running.leaks()).toEqual([])
    const silent = requestVectors.filter((_, at) => Object.keys(counted[at] ?? {}).length === 0)
    expect(silent.map(({ name }) => name)).toEqual(ownNotCounted)
  })

  it('none by the policies of page and frame alone', async () => {
    await open.evaluate(raw => globalThis.harness.showRaw(raw), htmls)
    expect(running.leaks()).toEqual([])
  })

  it('by the sanitiser alone, but for the reviewed ones', async () => {
    const messages = htmls.map(html => [html])
    await open.evaluate(shown => globalThis.harness.showUnguarded(shown), messages)
    expect(leaked()).toEqual(misses.map(({ vector }) => vector))
  })
})

/**
 * A font, sheet or picture that a picture, frame or rule would ask for in turn, or that stands in the text of a script:
 * what is around it is left out, and nothing in the mail itself names it as an address to fetch.
 */
const ownNotCounted: readonly string[] = `
  css-attr speculation-rules import-map meta-csp-report meta-link base-target iframe-srcdoc svg-data
`
  .trim()
  .split(/\s+/)

function batches<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  )
}

describe('threat: webmail XSS: nothing in a message runs', () => {
  const script = '<script>parent.zegelRan()</script><img src=x: onerror=parent.zegelRan()>'

  it('would be noticed: a frame without guards does run scripts', async () => {
    await open.evaluate(html => globalThis.harness.showUnguardedRaw([html]), script)
    expect(await open.evaluate(() => globalThis.harness.ran)).toBe(2)
    await open.reload()
    await open.waitForFunction(() => globalThis.harness !== undefined)
  })

  it('has payloads to try', { skip: noCorpus !== false }, () => {
    expect(readPayloads(corpus).length).toBeGreaterThan(3000)
  })

  /** Every third is tried behind the sanitiser alone, which says more than behind that and the frame. */
  const isLeftToSanitiser = (at: number): boolean => at % 3 === 0

  it.skipIf(noCorpus)('as the reader shows it, messages of twenty pieces', async () => {
    const some = readPayloads(corpus).filter((_, at) => isWhole || !isLeftToSanitiser(at))
    for (const messages of batches(batches(some, 20), 50))
      await reader.evaluate(htmls => globalThis.harness.show(htmls), messages)
    await reader.evaluate(() => globalThis.harness.show([['<p>Still'], ['<b>here', '<i>too']]))
    expect(await reader.evaluate(() => globalThis.harness.texts())).toEqual(['Still', 'heretoo'])
    expect(await reader.evaluate(() => globalThis.harness.ran)).toBe(0)
    expect(reader.url()).toMatch(/\/reader$/)
    expect(running.leaks()).toEqual([])
  })

  it.skipIf(noCorpus)('by the sanitiser alone, in a frame that may run scripts', async () => {
    const some = readPayloads(corpus).filter((_, at) => isWhole || isLeftToSanitiser(at))
    for (const messages of batches(batches(some, 20), 50))
      await open.evaluate(htmls => globalThis.harness.showUnguarded(htmls), messages)
    expect(await open.evaluate(() => globalThis.harness.ran)).toBe(0)
    expect(open.url()).toMatch(/\/none$/)
  })

  it('ways to run that are newer than the lists: would be noticed', async () => {
    const page = await running.open('none')
    const htmls = actionVectors.map(({ html }) => html)
    await page.evaluate(raw => globalThis.harness.showUnguardedRaw(raw), htmls)
    expect(await page.evaluate(() => globalThis.harness.ran)).toBeGreaterThan(20)
    await page.close()
  })

  it('ways to run that are newer than the lists: none, by each layer alone and by both', async () => {
    const htmls = actionVectors.map(({ html }) => html)
    const messages = htmls.map(html => [html])
    for (const page of [reader, open])
      await page.evaluate(shown => globalThis.harness.show(shown), messages)
    await open.evaluate(shown => globalThis.harness.showUnguarded(shown), messages)
    await open.evaluate(raw => globalThis.harness.showRaw(raw), htmls)
    for (const page of [reader, open])
      expect(await page.evaluate(() => globalThis.harness.ran)).toBe(0)
    expect([reader.url(), open.url()].map(url => url.split('/').at(-1))).toEqual(['reader', 'none'])
  })

  // The sandbox does not look at what it holds: one in eight says as much as all do, which take a frame each.
  it.skipIf(noCorpus)('by the sandbox alone, without the sanitiser', async () => {
    const payloads = readPayloads(corpus, /\.json$/)
    const some = isWhole ? payloads : payloads.filter((_, at) => at % 8 === 0)
    for (const batch of batches(some, 200))
      await open.evaluate(htmls => globalThis.harness.showRaw(htmls), batch)
    expect(await open.evaluate(() => globalThis.harness.ran)).toBe(0)
  })
})

describe('threat: attachments opened in the origin of the portal: a preview is dead', () => {
  const texts = [...actionVectors, ...requestVectors].map(({ html }) => `</pre></body>${html}`)
  /** Six to a frame: that none gets out of the text is seen by none running and none fetching. */
  const inText = batches(texts, 6).map(some => ({ kind: 'text' as const, text: some.join('') }))
  const some = [...actionVectors, ...requestVectors].filter(
    (_, at) => at % (isWhole ? 4 : 12) === 0,
  )
  const asAddress = ['picture', 'sound', 'film'].flatMap(kind => [
    ...some.flatMap(({ html }) => {
      const svg = `<svg xmlns="http://www.w3.org/2000/svg">${html}</svg>`
      return [
        `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`,
        `data:text/html;base64,${Buffer.from(html).toString('base64')}`,
        `data:image/png;base64,x">${html}`,
      ].map(address => ({ kind: kind as 'picture' | 'sound' | 'film', address }))
    }),
    { kind: kind as 'picture', address: 'http://own.leaking.via/preview' },
    { kind: kind as 'picture', address: 'javascript:parent.zegelRan()' },
  ])

  it('as the reader shows it', async () => {
    for (const sources of batches([...inText, ...asAddress], 150))
      await reader.evaluate(shown => globalThis.harness.preview(shown, 'none'), sources)
    expect(running.leaks()).toEqual([])
    expect(await reader.evaluate(() => globalThis.harness.ran)).toBe(0)
    expect(reader.url()).toMatch(/\/reader$/)
  })

  it('by how its document is written alone, in a frame with every right', async () => {
    for (const sources of batches([...inText, ...asAddress], 150))
      await open.evaluate(shown => globalThis.harness.preview(shown, 'all'), sources)
    expect(running.leaks()).toEqual([])
    expect(await open.evaluate(() => globalThis.harness.ran)).toBe(0)
    expect(open.url()).toMatch(/\/none$/)
  })
})

/** A picture of one pixel. */
const dot = 'data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAACAkQBADs='

describe('what the sanitiser leaves', () => {
  const sanitise = (html: string): Promise<string> =>
    open.evaluate(source => globalThis.harness.sanitise(source), html)

  it('sends links through the page that shows their target', async () => {
    const html = await sanitise('<a href="https://example.com/a?b=1#c" target="_top">x</a>')
    expect(html).toContain(
      '<a href="/leave#https://example.com/a?b=1#c" target="_blank" rel="noopener noreferrer">x</a>',
    )
  })

  it('keeps places within the message and drops every other scheme', async () => {
    expect(await sanitise('<a href="#part">x</a>')).toContain('href="about:srcdoc#part"')
    for (const href of [
      'javascript:alert(1)',
      'java\nscript:alert(1)',
      'data:text/html,x',
      'vbscript:x',
      'file:///x',
      '/relative',
    ])
      expect(await sanitise(`<a href="${href}">x</a>`)).not.toContain('href')
  })

  it('keeps the style of a letter and drops what would fetch', async () => {
    const html = await sanitise(
      '<style>@import "https://leaking.via/i";.a{color:red;background:u\\72l(https://leaking.via/b)}</style><p class="a" style="font-weight:bold;background-image:url(https://leaking.via/c)">x',
    )
    expect(html).not.toContain('leaking')
    expect(html).toMatch(/color:\s*red/)
    expect(html).toMatch(/font-weight:\s*bold/)
  })

  it('keeps a style element from being ended by what its strings spell', async () => {
    const html = await sanitise(
      String.raw`<style>p::before{content:"\3c/style\3e\3cimg src=x onerror=parent.zegelRan()\3e"}</style><p>x`,
    )
    expect(html).not.toMatch(/<\/style>\s*<img/)
  })

  it('takes an address within a string for what it is: text, which cannot end the string', async () => {
    running.forgetLeaks()
    const css = String.raw`content:"url(data:image/png,;background:url(https://leaking.via/a\")`
    const own = `background:url(${dot})`
    const html = await sanitise(`<style>p{${css};b:"}</style><p style='${css};b:";${own}'>x`)
    await open.evaluate(source => globalThis.harness.showUnguardedRaw([source]), html)
    expect(running.leaks()).toEqual([])
    expect(html).toContain(`url(&quot;${dot}&quot;)`)
  })

  it('keeps names of classes that end like a height', async () => {
    const html = await sanitise('<style>.h100vh{margin:-50vh}</style><p class="h100vh">x')
    expect(html).toMatch(/\.h100vh\{margin: ?-400px/)
  })

  it('leaves nothing to type into or to send', async () => {
    const html = await sanitise(
      '<form action="https://leaking.via/"><input name="password"><textarea></textarea><select><option>a</select><button>Send</button></form>',
    )
    expect(html).not.toMatch(/<(?:form|input|textarea|select|option|button)/)
  })

  it('takes no height from the frame that takes its height from the content', async () => {
    expect(await sanitise('<div style="height:100vh">x</div>')).toContain('height: 800px')
  })
})

/** A kilobyte and a half of SVG that draws a thousand million squares. */
function selfNaming(): string {
  const groups = Array.from({ length: 9 }, (_, i) => {
    const inner = i === 0 ? '<rect width="9" height="9"/>' : `<use href="#g${i - 1}"/>`.repeat(10)
    return `<g id="g${i}">${inner}</g>`
  })
  const svg = `<svg xmlns="http://www.w3.org/2000/svg">${groups.join('')}<use href="#g8"/></svg>`
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`
}

describe('threat: a letter made to keep the page busy', () => {
  const fold = '<div>Hello</div><div id="appendonsend">Bob wrote:</div>'
  it.each([
    [
      'a field that leads from sibling to sibling in a ring',
      `${fold}<input form=f name=nextSibling><form id=f></form>`,
    ],
    ['a number of 20,000 digits', `<style>a{content:"${'1'.repeat(20_000)}"}</style>x`],
    ['comments in comments', `<style>${'/*a'.repeat(200_000)}</style>x`],
    [
      'addresses in addresses',
      `<p style='content:"url(data:image/png,${'url('.repeat(100_000)}"'>x`,
    ],
    ['a picture that names itself a billion times', `<img src="${selfNaming()}">x`],
    ['an import of blanks', `<style>@import${' '.repeat(300_000)})</style>x`],
    [
      'the line above an older message, 100,000 times',
      `<div>x<div><div style="border-top:1"><p>${'<b>x</b>'.repeat(100_000)}</p></div></div></div>`,
    ],
  ])('by %s is shown', async (_name, html) => {
    await reader.evaluate(source => globalThis.harness.show([[source]]), html)
    expect(await reader.evaluate(() => globalThis.harness.texts().length)).toBe(1)
  })

  it('still folds what Outlook puts below an answer', async () => {
    const older = `<p>${'An older message. '.repeat(40)}</p>`
    const header =
      '<b>From:</b> Bob &lt;<a href="mailto:b@example.org">b@example.org</a>&gt;<br><b>Sent:</b> Monday<br><b>To:</b> Alice'
    const html = `<p>Hello</p><div><div style="border:none;border-top:solid #E1E1E1 1.0pt"><p class=MsoNormal>${header}</p></div></div>${older}`
    expect(await open.evaluate(source => globalThis.harness.sanitise(source), html)).toMatch(
      /<p>Hello<\/p><details class="zegel-quote"><summary>Earlier messages<\/summary><div>/,
    )
  })
})
