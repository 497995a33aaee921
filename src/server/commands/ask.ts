import { createInterface } from 'node:readline/promises'
import { CommandError } from './command-error.ts'
import type { Terminal } from './terminal.ts'

export interface Question {
  /** As the person sees it, without the colon. */
  readonly text: string
  /** What an empty answer means; undefined: an answer is needed. */
  readonly suggestion?: string
  /** What is wrong with an answer, in a sentence; undefined when it is right. */
  readonly check: (answer: string) => string | undefined | Promise<string | undefined>
}

/** Asks a person until the answer is right. */
export type Ask = (question: Question) => Promise<string>

/**
 * Does something that may ask questions on the terminal.
 * @throws CommandError when the input ends before an answer
 */
export async function withQuestions<T>(
  terminal: Terminal,
  work: (ask: Ask) => Promise<T>,
): Promise<T> {
  const lines = createInterface({ input: terminal.stdin, output: terminal.stderr })
  // Keeps the lines of a pipe that come before they are asked for.
  const answers = lines[Symbol.asyncIterator]()
  let ended = false
  lines.once('close', () => {
    ended = true
  })
  const read = async (prompt: string): Promise<string> => {
    lines.setPrompt(prompt)
    if (!ended) lines.prompt() // it throws after the end, though answers may still wait
    const { value, done } = await answers.next()
    if (done === true) throw new CommandError('the input ended before every question was answered')
    return value
  }
  try {
    return await work(question => askUntilRight(read, question, terminal))
  } finally {
    lines.close()
  }
}

async function askUntilRight(
  read: (prompt: string) => Promise<string>,
  { text, suggestion, check }: Question,
  terminal: Terminal,
): Promise<string> {
  for (;;) {
    const written = await read(suggestion ? `${text} [${suggestion}]: ` : `${text}: `)
    const answer = written.trim() || (suggestion ?? '')
    const wrong = answer === '' ? 'an answer is needed' : await check(answer)
    if (wrong === undefined) return answer
    terminal.stderr.write(`  ${wrong}\n`)
  }
}
