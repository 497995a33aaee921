import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startFrameHarness } from './support/frame-harness.ts'
import type { RunningHarness } from './support/frame-harness.ts'
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

function leakVectors(): readonly string[] {
  const folder = `${corpus}html-leaks/vectors/`
  return readdirSync(folder).map(name => readFileSync(`${folder}${name}`, 'utf8'))
}

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
    expect(counted).toBeGreaterThan(50)
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

  it.skipIf(noCorpus)('as the reader shows it, messages of twenty pieces', async () => {
    for (const messages of batches(batches(readPayloads(corpus), 20), 50))
      await reader.evaluate(htmls => globalThis.harness.show(htmls), messages)
    await reader.evaluate(() => globalThis.harness.show([['<p>Still'], ['<b>here', '<i>too']]))
    expect(await reader.evaluate(() => globalThis.harness.texts())).toEqual(['Still', 'heretoo'])
    expect(await reader.evaluate(() => globalThis.harness.ran)).toBe(0)
    expect(reader.url()).toMatch(/\/reader$/)
    expect(running.leaks()).toEqual([])
  })

  it.skipIf(noCorpus)('by the sanitiser alone, in a frame that may run scripts', async () => {
    for (const messages of batches(batches(readPayloads(corpus), 10), 50))
      await open.evaluate(htmls => globalThis.harness.showUnguarded(htmls), messages)
    expect(await open.evaluate(() => globalThis.harness.ran)).toBe(0)
    expect(open.url()).toMatch(/\/none$/)
  })

  it.skipIf(noCorpus)('by the sandbox alone, without the sanitiser', async () => {
    for (const batch of batches(readPayloads(corpus, /\.json$/), 200))
      await open.evaluate(htmls => globalThis.harness.showRaw(htmls), batch)
    expect(await open.evaluate(() => globalThis.harness.ran)).toBe(0)
  })
})

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
