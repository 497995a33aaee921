/** One promise broken on purpose: the source of the program is changed as it is loaded, in one process and for one run. */
export interface Mutation {
  readonly id: string
  /** Id of the promise that it breaks. */
  readonly breaks: string
  /** What a careless or malicious change would do. */
  readonly what: string
  readonly edits: readonly Edit[]
  /** The test that must fail then. */
  readonly seenBy: { readonly file: string; readonly title: string }
  /** What its failure says, so that it fails for this reason and no other. */
  readonly says: RegExp
}

export interface Edit {
  /** `src/server/…` */
  readonly file: string
  /** Stands there exactly once. */
  readonly find: string
  readonly put: string
}

/** Says which mutation this run has, by its id; unset or empty: none. */
export const mutationVariable = 'PROMISES_MUTATION'

/**
 * The source as the mutation has it; undefined when it leaves this file alone.
 * @throws Error when what it changes is not there (any more), or more than once
 */
export function mutated({ id, edits }: Mutation, file: string, source: string): string | undefined {
  const own = edits.filter(edit => file.endsWith(`/${edit.file}`))
  if (own.length === 0) return undefined
  return own.reduce((text, { find, put }) => {
    const pieces = text.split(find)
    if (pieces.length !== 2)
      throw new Error(`mutation ${id}: ${pieces.length - 1} times in ${file}: ${find}`)
    return pieces.join(put)
  }, source)
}
