/** What the reader must be told, or may be told, about the mail as it was read. */
export type WarningCode =
  | 'several-from' // more than one sender, or more than one From field
  | 'ambiguous-sender' // two programs may name two different senders
  | 'repeated-field' // a field that may occur once occurs again: the first one is shown
  | 'malformed-header' // lines of the header that are no fields were left out
  | 'too-many-fields'
  | 'too-deep'
  | 'too-many-parts'
  | 'bad-boundary' // a multipart that its boundary does not divide, or does not end
  | 'damaged-part' // the transfer encoding of a part is broken: bytes may be missing
  | 'unknown-charset' // a charset that is unknown or not named: the text is a guess
  | 'hidden-text' // NUL, line breaks or direction overrides were in a name, subject or file name
  | 'no-body' // there is nothing to show as text

/** Collects each code once. */
export class Warnings {
  readonly #codes = new Set<WarningCode>()

  add(code: WarningCode): void {
    this.#codes.add(code)
  }

  list(): readonly WarningCode[] {
    return [...this.#codes]
  }
}
