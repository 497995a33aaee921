import type { ContentLine } from '../content-lines.ts'
import { MAX_COMPONENT_DEPTH } from '../limits.ts'

/** What stands between BEGIN and END (RFC 5545 §3.4). */
export interface CalendarComponent {
  /** `VEVENT` */
  readonly name: string
  readonly lines: readonly ContentLine[]
  readonly children: readonly CalendarComponent[]
}

interface OpenComponent extends CalendarComponent {
  readonly lines: ContentLine[]
  readonly children: OpenComponent[]
}

/** Puts the lines of a file in a tree; its root has no name. What is not closed ends with the file. */
export function readComponents(lines: readonly ContentLine[]): CalendarComponent {
  const root = open('')
  const stack = [root]
  for (const line of lines) {
    const name = line.value.trim().toUpperCase()
    if (line.name === 'BEGIN') begin(stack, name)
    else if (line.name === 'END') end(stack, name)
    else if (stack.length <= MAX_COMPONENT_DEPTH) stack.at(-1)?.lines.push(line)
  }
  return root
}

function open(name: string): OpenComponent {
  return { name, lines: [], children: [] }
}

/** Too deep ones are counted, but kept nowhere. */
function begin(stack: OpenComponent[], name: string): void {
  const component = open(name)
  if (stack.length < MAX_COMPONENT_DEPTH) stack.at(-1)?.children.push(component)
  stack.push(component)
}

/** Closes what was forgotten inside of it; an END without a BEGIN is nothing. */
function end(stack: OpenComponent[], name: string): void {
  const index = stack.findLastIndex((component, i) => i > 0 && component.name === name)
  if (index > 0) stack.length = index
}

/** The first line of a name; null when there is none. */
export function lineOf(component: CalendarComponent, name: string): ContentLine | null {
  return component.lines.find(line => line.name === name) ?? null
}

/** The value of it; empty when there is none. */
export function valueOf(component: CalendarComponent, name: string): string {
  return lineOf(component, name)?.value ?? ''
}
