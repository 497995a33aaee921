import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startFrameHarness } from './support/frame-harness.ts'
import type { RunningHarness } from './support/frame-harness.ts'
import { actionVectors, requestVectors } from './support/own-vectors.ts'
import { noQuoteShapes, quoteShapes } from './support/quote-shapes.ts'

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

function batches<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  )
}

describe('threat: a message that waits for the printer', () => {
  const htmls = [...actionVectors, ...requestVectors].map(({ html }) => html)

  it('nothing of it runs or loads in the frame that is printed', async () => {
    for (const batch of batches(htmls, 100))
      await reader.evaluate(shown => globalThis.harness.paper(shown.map(html => [html])), batch)
    await reader.evaluate(() => globalThis.harness.paper([['<p>Still'], ['<b>here', '<i>too']]))
    expect(await reader.evaluate(() => globalThis.harness.paperTexts())).toEqual([
      'Still',
      'heretoo',
    ])
    expect(await reader.evaluate(() => globalThis.harness.ran)).toBe(0)
    expect(running.leaks()).toEqual([])
    expect(reader.url()).toMatch(/\/reader$/)
  })

  it('nor without the sanitiser', async () => {
    for (const batch of batches(htmls, 100))
      await open.evaluate(raw => globalThis.harness.paperRaw(raw), batch)
    expect(await open.evaluate(() => globalThis.harness.ran)).toBe(0)
    expect(running.leaks()).toEqual([])
    expect(open.url()).toMatch(/\/none$/)
  })
})

describe('threat: a letter that writes another sender on paper', () => {
  const forged = '<div class="f">verified: sent by bank@example.com</div><p>x'
  const cover = 'background:#fff;color:#000;width:100%;height:300px;z-index:2147483647'
  const attempts = [
    '*,:host,html,body,:root{display:none!important;visibility:hidden!important;opacity:0!important}',
    `.f{position:fixed!important;top:0;left:0;${cover}}`,
    `.f{position:absolute!important;top:-200px;left:0;${cover}}`,
    `.f{margin-top:-200px;position:relative;${cover}}`,
    `:host{position:fixed!important;inset:0!important;${cover}}`,
    `:host,:host>*{all:unset!important;display:block!important;margin-top:-300px!important;${cover}}`,
    `html,body{position:fixed!important;top:-100px;${cover}}`,
    'html{font-size:0!important;color:transparent!important;writing-mode:vertical-rl!important}',
    `.f{transform:translateY(-200px);${cover}}`,
    `.f{box-shadow:0 -300px 0 300px #fff;outline:300px solid #fff}`,
    ':host-context(body){display:none!important} ::slotted(*){display:none!important}',
    'body{float:left;margin-top:-500px!important;width:5000px;height:1000px;background:#fff}',
  ].map(css => `<style>${css}</style><body>${forged}`)
  const inStyle = [`position:fixed;top:0;left:0;${cover}`, `margin-top:-300px;${cover}`].map(
    style =>
      `<body style="${style}"><div style="${style}">verified: sent by bank@example.com</div>`,
  )

  it('leaves the lines above it alone, whatever its styles say', async () => {
    const messages = [...attempts, ...inStyle].map(html => [html])
    await reader.evaluate(shown => globalThis.harness.paper(shown), messages)
    expect(await reader.evaluate(() => globalThis.harness.spoilt())).toEqual([])
  })
})

describe('what is folded', () => {
  const older = 'An older message, quoted in full. '.repeat(20)
  const folded = (html: string): Promise<string | null> =>
    open.evaluate(
      written => globalThis.harness.folded(written),
      html.replaceAll('OLDER', older).replaceAll('NEW', 'The answer.'),
    )

  it.each(quoteShapes)('the older message as %s writes it', async (_program, html) => {
    const fold = await folded(html)
    expect(fold).toContain(older.trim())
    expect(fold).not.toContain('The answer.')
  })

  it.each(noQuoteShapes)('not: %s', async (_what, html) => {
    expect(await folded(html)).toBeNull()
  })
})
