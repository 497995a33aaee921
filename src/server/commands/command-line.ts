import { parseArgs } from 'node:util'
import type { Command, Operand, Options } from './command.ts'
import { UsageError } from './command-error.ts'
import { nearestName } from '../config/nearest-name.ts'

export interface CommandLine {
  readonly values: Readonly<Record<string, string | boolean | readonly string[] | undefined>>
  readonly operands: readonly string[]
}

/** Taken by every command. */
export const commonOptions = {
  help: { type: 'boolean', help: 'show this help' },
  debug: { type: 'boolean', help: 'show the stack trace of an error' },
} as const satisfies Options

/**
 * Reads what follows a command's name.
 * @throws UsageError that names the nearest known option, or what is missing
 */
export function readCommandLine(command: Command, args: readonly string[]): CommandLine {
  const options: Options = { ...command.options, ...commonOptions }
  const { tokens } = parseArgs({
    args: args.map(arg => (isId(arg, options) ? shield + arg : arg)),
    options: Object.fromEntries(
      Object.entries(options).map(([name, { type }]) => [name, { type, multiple: true }]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const values: Record<string, string | boolean | readonly string[] | undefined> = {}
  const operands: string[] = []
  for (const [name, option] of Object.entries(options)) values[name] = emptyValue(option)
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(unshielded(token.value))
    if (token.kind === 'option') takeOption(token, options, values, command)
  }
  if (values['help'] !== true) checkOperands(command, operands)
  return { values, operands }
}

/** No argument can hold it. */
const shield = '\0'
const unshielded = (text: string): string => text.replaceAll(shield, '')

/** One in 64 ids of messages and keys begins with a dash, and no option has its length. envelope.md §2 */
const isId = (arg: string, options: Options): boolean =>
  /^-[A-Za-z0-9_-]{21}$/.test(arg) && !Object.hasOwn(options, arg.slice(2))

const emptyValue = (option: Options[string]): false | [] | undefined =>
  option.type === 'boolean' ? false : option.multiple === true ? [] : undefined

interface OptionToken {
  readonly name: string
  readonly rawName: string
  readonly value?: string | undefined
  readonly inlineValue?: boolean | undefined
}

function takeOption(
  token: OptionToken,
  options: Options,
  values: Record<string, string | boolean | readonly string[] | undefined>,
  command: Command,
): void {
  const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined
  if (option === undefined) throw unknownOption(token, options, command)
  if (option.type === 'boolean') {
    if (token.inlineValue === true) throw new UsageError(`${token.rawName} takes no value`)
    values[token.name] = true
    return
  }
  const value = token.value === undefined ? undefined : unshielded(token.value)
  if (value === undefined || (token.inlineValue !== true && value.startsWith('--')))
    throw new UsageError(`${token.rawName} needs a value: ${token.rawName} ${option.value ?? ''}`)
  const before = values[token.name]
  if (Array.isArray(before)) values[token.name] = [...before, value]
  else if (before === undefined) values[token.name] = value
  else throw new UsageError(`${token.rawName} is given twice`)
}

function unknownOption(token: OptionToken, options: Options, command: Command): UsageError {
  const close = nearestName(token.name, Object.keys(options))
  const hint =
    close === undefined
      ? `see zegel ${command.name} --help`
      : `did you mean --${close}? (zegel ${command.name} --help)`
  return new UsageError(`unknown option ${token.rawName}; ${hint}`)
}

function checkOperands(command: Command, operands: readonly string[]): void {
  const wanted = command.operands ?? []
  const missing = wanted.slice(operands.length).find(operand => operand.optional !== true)
  if (missing !== undefined) throw new UsageError(`${missing.name} is missing; ${usage(command)}`)
  if (operands.length > wanted.length)
    throw new UsageError(`too much: ${operands[wanted.length] ?? ''}; ${usage(command)}`)
}

/** `usage: zegel backup [--config FILE] FILE` */
export function usage(command: Command): string {
  const options = Object.entries(command.options).map(([name, option]) =>
    option.type === 'boolean' ? `[--${name}]` : `[--${name} ${option.value ?? 'VALUE'}]`,
  )
  const operands = (command.operands ?? []).map(operandUsage)
  return ['usage: zegel', command.name, ...options, ...operands].join(' ')
}

const operandUsage = (operand: Operand): string =>
  operand.optional === true ? `[${operand.name}]` : operand.name
