import type { Terminal } from './terminal.ts'

export interface Option {
  readonly type: 'string' | 'boolean'
  /** What stands for the value in the help, such as `FILE`; for `string` only. */
  readonly value?: string
  readonly help: string
  /** May be given more than once; for `string` only. */
  readonly multiple?: boolean
}

export type Options = Readonly<Record<string, Option>>

export interface Operand {
  /** As in the help: `FILE`. */
  readonly name: string
  readonly optional?: boolean
  readonly help: string
}

/** What the command line said: a string is undefined, a boolean false, a multiple one empty when not given. */
export type Values<O extends Options> = {
  readonly [K in keyof O]: O[K]['type'] extends 'boolean'
    ? boolean
    : O[K] extends { readonly multiple: true }
      ? readonly string[]
      : string | undefined
}

export interface CommandOf<O extends Options> {
  /** One word, or two: `keys list`. */
  readonly name: string
  readonly summary: string
  readonly operands?: readonly Operand[]
  readonly options: O
  /** What else a person should know; lines of at most 90 characters. */
  readonly details?: string
  /** Returns the exit status. @throws CommandError, UsageError */
  run(values: Values<O>, operands: readonly string[], terminal: Terminal): Promise<number>
}

export type Command = CommandOf<Options>

/** Checks the types of a command's values against its options, then forgets them. */
export function defineCommand<const O extends Options>(command: CommandOf<O>): Command {
  // The values were read with these very options (command-line.ts).
  return command
}

export const configOption = {
  type: 'string',
  value: 'FILE',
  help: 'the configuration (default: zegel.yaml)',
} as const satisfies Option

export const jsonOption = {
  type: 'boolean',
  help: 'print JSON for programs',
} as const satisfies Option
