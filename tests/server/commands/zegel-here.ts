import { PassThrough, Readable } from 'node:stream'
import { buffer, text } from 'node:stream/consumers'
import { runProgram } from '../../../src/server/commands/run-program.ts'
import type { Finished, RunOptions } from './zegel.ts'

/** What is typed at a terminal; nobody sits there when left out. */
type Typed = readonly string[]

/** Runs the program to its end in this process: the same code, without the time that a process takes to start. */
export async function zegelHere(
  args: readonly string[],
  typed?: Typed | Pick<RunOptions, 'input' | 'env'>,
): Promise<Finished> {
  const stdout = new PassThrough()
  const stderr = new PassThrough()
  const written = Promise.all([buffer(stdout), text(stderr)])
  const isPerson = Array.isArray(typed)
  const { input = '', env = {} } = isPerson ? {} : ((typed ?? {}) as RunOptions)
  const status = await runProgram(args, {
    stdin: Readable.from(isPerson ? typed : input.length > 0 ? [Buffer.from(input)] : []),
    stdout,
    stderr,
    env,
    interactive: { stdin: isPerson, stdout: isPerson, stderr: isPerson },
    stopped: () => Promise.withResolvers<void>().promise,
  })
  stdout.end()
  stderr.end()
  const [out, err] = await written
  return { status, stdout: out, stderr: err }
}
