/** Written by scripts/compile-messages.ts. */
declare module 'virtual:zegel-locales' {
  type Sentence = string | ((values: Readonly<Record<string, string | number>>) => string)
  /** BCP 47 tag of each language, and its own name; in the order to choose from. */
  export const locales: readonly (readonly [tag: string, name: string])[]
  /** `page` names the groups of sentences in the chunk. */
  export function loadLocale(
    tag: string,
    page:
      | 'read'
      | 'proof'
      | 'which'
      | 'troubles'
      | 'unsent'
      | 'letter'
      | 'attached'
      | 'cards'
      | 'composer'
      | 'outside'
      | 'open'
      | 'leave'
      | 'ways'
      | 'associations',
  ): Promise<Readonly<Record<string, Readonly<Record<string, Sentence>>>>>
}
