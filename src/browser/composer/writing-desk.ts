/** What the page asks of the field where the text is written. */
export interface WritingDesk {
  /** Hands over what was typed last. */
  readonly flush: () => void
  readonly focus: () => void
  /** Null where the text takes no pictures. */
  readonly insertPicture: ((file: Blob, name: string) => Promise<void>) | null
}
