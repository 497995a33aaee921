import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import type { AxeResults } from 'axe-core'

/** WCAG 2.2, levels A and AA, and what else is good practice; rules that axe runs only when asked to are among them. */
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** What the colours of a page can change. */
export const colourRules = ['color-contrast', 'link-in-text-block'] as const

/** What its colours, its width or its language can change; all else is the same in every look of a state. */
export const lookRules = [
  ...colourRules,
  'aria-command-name',
  'aria-dialog-name',
  'aria-input-field-name',
  'button-name',
  'document-title',
  'empty-heading',
  'frame-title',
  'html-has-lang',
  'html-lang-valid',
  'image-alt',
  'label',
  'label-content-name-mismatch',
  'link-name',
  'scrollable-region-focusable',
  'select-name',
  'summary-name',
  'target-size',
  'valid-lang',
] as const

const axeFile = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/**
 * What axe finds on a page, as sentences; empty when there is nothing to find.
 * Evaluated over the browser's own protocol, so the page's Content-Security-Policy stays as it is.
 * @param only the rules that are looked at; else all
 */
export async function axeFindings(
  page: Page,
  only?: readonly string[],
): Promise<readonly string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(readAxe())
  const { violations } = await page.evaluate(
    // The frame of a message runs no scripts, axe's neither; its content is the sender's.
    runOnly =>
      (
        globalThis as unknown as { axe: { run: (...options: unknown[]) => Promise<AxeResults> } }
      ).axe.run(document, {
        iframes: false,
        resultTypes: ['violations'],
        runOnly,
        // Style sheets are read for one rule alone: whether a page holds a phone in one position.
        preload: runOnly.type === 'tag',
      }),
    only === undefined ? { type: 'tag', values: rules } : { type: 'rule', values: [...only] },
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
