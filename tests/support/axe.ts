import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import type { AxeResults } from 'axe-core'

/** WCAG 2.2, levels A and AA, and what else is good practice; rules that axe runs only when asked to are among them. */
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

const axeFile = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/**
 * What axe finds on a page, as sentences; empty when there is nothing to find.
 * Evaluated over the browser's own protocol, so the page's Content-Security-Policy stays as it is.
 */
export async function axeFindings(page: Page): Promise<readonly string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(readAxe())
  const { violations } = await page.evaluate(
    // The frame of a message runs no scripts, axe's neither; its content is the sender's.
    tags =>
      (
        globalThis as unknown as { axe: { run: (...options: unknown[]) => Promise<AxeResults> } }
      ).axe.run(document, {
        iframes: false,
        resultTypes: ['violations'],
        runOnly: { type: 'tag', values: tags },
      }),
    rules,
  )
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary = '' }) => `${id}: ${help}: ${html} ${failureSummary}`),
  )
}

let source: string | undefined
function readAxe(): string {
  source ??= readFileSync(axeFile, 'utf8')
  return source
}
