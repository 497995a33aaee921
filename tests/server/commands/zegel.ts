import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { mutationArgs } from '../../promises/mutations/mutation-args.ts'

export const projectRoot: string = fileURLToPath(new URL('../../../', import.meta.url))

export interface Finished {
  readonly status: number | null
  readonly stdout: Buffer
  readonly stderr: string
}

export interface RunOptions {
  readonly input?: Uint8Array | string
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
}

/** Starts the program as a person does: `bin/zegel.js` in a process of its own. */
export function startZegel(args: readonly string[], options: RunOptions = {}): ChildProcess {
  return spawn(process.execPath, [...mutationArgs(), `${projectRoot}bin/zegel.js`, ...args], {
    cwd: options.cwd ?? projectRoot,
    env: { ...process.env, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
}

/** Runs the program to its end. */
export async function zegel(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const child = startZegel(args, options)
  const stdout: Buffer[] = []
  const stderr: Buffer[] = []
  child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk))
  child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk))
  child.stdin?.on('error', () => undefined) // the program may refuse before it has read its input
  child.stdin?.end(options.input ?? '')
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  return { status, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() }
}
