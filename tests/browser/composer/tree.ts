import type { TextNode } from '../../../src/browser/composer/quote/html-to-text.ts'

/** A tree as a browser's parser would make it. */
export function element(
  name: string,
  children: readonly (TextNode | string)[] = [],
  attributes: Readonly<Record<string, string>> = {},
): TextNode {
  return {
    nodeType: 1,
    nodeName: name.toUpperCase(),
    nodeValue: null,
    childNodes: children.map(child => (typeof child === 'string' ? words(child) : child)),
    getAttribute: wanted => attributes[wanted] ?? null,
  }
}

function words(text: string): TextNode {
  return { nodeType: 3, nodeName: '#text', nodeValue: text, childNodes: [] }
}
