/** A run of whole lines of a plain text. The runs, joined with LF, are the text. */
export interface TextRun {
  readonly text: string
  /** True when it is an older message: lines with `>`, with the line above that names its writer, or all after a divider. */
  readonly quoted: boolean
}
