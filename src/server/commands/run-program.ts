import type { Command } from './command.ts'
import { UsageError } from './command-error.ts'
import { readCommandLine } from './command-line.ts'
import { commandTable } from './command-table.ts'
import type { TableEntry } from './command-table.ts'
import { adviceOnFullDisk } from './disk-full.ts'
import { renderHelp, renderOverview } from './help.ts'
import { nearestName } from '../config/nearest-name.ts'
import type { Terminal } from './terminal.ts'
import { programVersion } from './version.ts'
import { visibleText } from './visible-text.ts'

/**
 * Runs one command; never throws. Returns the exit status: 0 done, 1 failed, 2 wrong usage.
 * `args` is what follows the program's name.
 */
export async function runProgram(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await dispatch(args, terminal)
  } catch (error) {
    terminal.stderr.write(describeError(error, args.includes('--debug')))
    return error instanceof UsageError ? 2 : 1
  }
}

async function dispatch(args: readonly string[], terminal: Terminal): Promise<number> {
  const [first = '--help'] = args
  if (first === '--help' || first === '-h' || first === 'help') {
    terminal.stdout.write(renderOverview(commandTable))
    return 0
  }
  if (first === '--version' || first === '-v') {
    terminal.stdout.write(`zegel ${programVersion()}\n`)
    return 0
  }
  const { entry, rest } = findCommand(args)
  if (entry === undefined) {
    terminal.stdout.write(renderOverview(groupOf(first)))
    return 0
  }
  return runCommand(await entry.load(), rest, terminal)
}

async function runCommand(
  command: Command,
  args: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const { values, operands } = readCommandLine(command, args)
  if (values['help'] === true) {
    terminal.stdout.write(renderHelp(command))
    return 0
  }
  // Read with the command's own options; defineCommand has checked the types.
  return command.run(values as Parameters<Command['run']>[0], operands, terminal)
}

/**
 * The command that the first one or two words name; no entry when help on a group is wanted.
 * @throws UsageError that names the nearest command
 */
function findCommand(args: readonly string[]): {
  entry: TableEntry | undefined
  rest: readonly string[]
} {
  const [first = '', second = ''] = args
  for (const words of [2, 1]) {
    const name = args.slice(0, words).join(' ')
    const entry = commandTable.find(candidate => candidate.name === name)
    if (entry !== undefined) return { entry, rest: args.slice(words) }
  }
  const group = groupOf(first)
  if (group.length > 0 && second === '--help') return { entry: undefined, rest: [] }
  if (group.length > 0) throw unknownAction(first, second, group)
  const close = nearestName(
    first,
    commandTable.map(entry => entry.name),
  )
  const hint = close === undefined ? 'see zegel --help' : `did you mean ${close}? (zegel --help)`
  throw new UsageError(
    `${first.startsWith('-') ? 'unknown option' : 'unknown command'} ${first}; ${hint}`,
  )
}

const groupOf = (word: string): readonly TableEntry[] =>
  commandTable.filter(entry => entry.name.startsWith(`${word} `))

function unknownAction(group: string, written: string, entries: readonly TableEntry[]): UsageError {
  const actions = entries.map(entry => entry.name.slice(group.length + 1))
  const close = nearestName(written, actions)
  return new UsageError(
    written === '' || close === undefined
      ? `${group} needs one of: ${actions.join(', ')}`
      : `unknown command ${group} ${written}; did you mean ${group} ${close}?`,
  )
}

/** A line for each thing that is wrong, or with --debug the stack and its causes. */
function describeError(error: unknown, debug: boolean): string {
  const message = error instanceof Error ? error.message : String(error)
  if (!debug || !(error instanceof Error))
    return visibleText(adviceOnFullDisk(error) ?? message)
      .replace(/^/gm, 'zegel: ')
      .concat('\n')
  const cause = error.cause instanceof Error ? `caused by ${error.cause.stack ?? ''}\n` : ''
  return `zegel: ${error.stack ?? message}\n${cause}`
}
