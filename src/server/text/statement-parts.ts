import { StatementError } from './statement-error.ts'

/** What a sentence is made of. */
export type StatementPart =
  | { readonly kind: 'text'; readonly text: string }
  /** Something of this installation takes its place. */
  | { readonly kind: 'place'; readonly name: string }
  | { readonly kind: 'link'; readonly text: string; readonly path: string }

const parts = /\{([a-zA-Z]+)\}|\[([^[\]{}()]+)\]\((\/[a-z]*)\)|([^{}[\]]+)/gy

/** @throws StatementError for a bracket that is part of neither */
export function readParts(text: string, line = 1): readonly StatementPart[] {
  const found = [...text.matchAll(parts)]
  if (found.map(([all]) => all).join('') !== text)
    throw new StatementError(line, 'brackets are for {places} and [links](/path)')
  return found.map(([all, name, link, path]) => {
    if (name !== undefined) return { kind: 'place', name }
    if (link !== undefined) return { kind: 'link', text: link, path: path ?? '/' }
    return { kind: 'text', text: all }
  })
}

/** Places and targets of links, sorted: a translation must have the same. */
export function heldPlaces(text: string): string {
  return readParts(text)
    .flatMap(part => (part.kind === 'text' ? [] : [part.kind === 'place' ? part.name : part.path]))
    .toSorted()
    .join(' ')
}
