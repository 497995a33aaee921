import type { Command, Options } from './command.ts'
import { commonOptions, usage } from './command-line.ts'
import type { TableEntry } from './command-table.ts'

/** `zegel --help`, or `zegel keys --help` with the entries of that group. */
export function renderOverview(entries: readonly TableEntry[]): string {
  const width = Math.max(...entries.map(entry => entry.name.length))
  return [
    'usage: zegel COMMAND [options]',
    '',
    ...entries.map(entry => `  ${entry.name.padEnd(width)}  ${entry.summary}`),
    '',
    'zegel COMMAND --help shows the options of a command; zegel --version the version.',
    '',
  ].join('\n')
}

/** `zegel COMMAND --help` */
export function renderHelp(command: Command): string {
  const options: Options = { ...command.options, ...commonOptions }
  const rows = [
    ...(command.operands ?? []).map(({ name, help }) => [name, help]),
    ...Object.entries(options).map(([name, option]) => [
      option.type === 'string' ? `--${name} ${option.value ?? 'VALUE'}` : `--${name}`,
      option.help,
    ]),
  ]
  const width = Math.max(...rows.map(([left]) => left?.length ?? 0))
  return [
    usage(command),
    '',
    `${command.summary.charAt(0).toUpperCase()}${command.summary.slice(1)}.`,
    '',
    ...rows.map(([left, right]) => `  ${(left ?? '').padEnd(width)}  ${right ?? ''}`),
    ...(command.details === undefined ? [] : ['', command.details]),
    '',
  ].join('\n')
}
