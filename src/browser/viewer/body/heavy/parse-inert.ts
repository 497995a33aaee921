import type { Pace } from './pace.ts'

/** What the parser is given at once. Characters; some milliseconds. */
const sliceLength = 32_768

interface HtmlPolicyFactory {
  createPolicy(
    name: string,
    rules: { createHTML: (html: string) => string },
  ): { createHTML: (html: string) => unknown }
}

/** Taken once by this module, which writes it to documents without a window only: nothing in them runs or loads. */
const policy = (globalThis as { trustedTypes?: HtmlPolicyFactory }).trustedTypes?.createPolicy(
  'zegel-inert',
  { createHTML: html => html },
)

/**
 * Unsafe HTML as a tree for the sanitiser to read from, parsed as a browser parses a page that comes in slowly.
 * @returns its `<html>`; the document around it can be clobbered by names in the HTML
 */
export async function parseInert(html: Iterable<string>, pace: Pace): Promise<Element> {
  const inert = document.implementation.createHTMLDocument()
  inert.open()
  for (const piece of html)
    for (let at = 0; at < piece.length; at += sliceLength) {
      const slice = piece.slice(at, at + sliceLength)
      // TrustedHTML is handed on as it is; the types of the DOM still call it a string.
      // Not `inert.write`: `<img name=write>` takes its place.
      Document.prototype.write.call(
        inert,
        policy === undefined ? slice : (policy.createHTML(slice) as string),
      )
      await pace.step()
    }
  Document.prototype.close.call(inert)
  const root = document.createTreeWalker(inert, NodeFilter.SHOW_ELEMENT).firstChild()
  if (root instanceof Element) return root
  throw new Error('the parser made no document')
}
