/** A piece of the text of a mail, to be shown after the one before it. At least one of the two is not null. */
export interface BodySection {
  readonly html: string | null
  readonly text: string | null
}
