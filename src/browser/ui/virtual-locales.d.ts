/** Written by scripts/compile-messages.ts. */
declare module 'virtual:zegel-locales' {
  type Sentence = string | ((values: Readonly<Record<string, string | number>>) => string)
  /** BCP 47 tags. */
  export const locales: readonly string[]
  /** `page` names the groups of sentences in the chunk. */
  export function loadLocale(
    tag: string,
    page:
      | 'read'
      | 'proof'
      | 'which'
      | 'troubles'
      | 'letter'
      | 'attached'
      | 'cards'
      | 'open'
      | 'leave'
      | 'ways'
      | 'associations',
  ): Promise<Readonly<Record<string, Readonly<Record<string, Sentence>>>>>
}
