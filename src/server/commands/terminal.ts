import type { Readable, Writable } from 'node:stream'

/** What a command has around it: its streams, its environment, and the wish to stop. */
export interface Terminal {
  readonly stdin: Readable
  readonly stdout: Writable
  readonly stderr: Writable
  readonly env: Readonly<Record<string, string | undefined>>
  /** Each is true when a person sits at the other end. */
  readonly interactive: {
    readonly stdin: boolean
    readonly stdout: boolean
    readonly stderr: boolean
  }
  /** Resolves at the first SIGINT or SIGTERM; from the first call on they no longer end the process. */
  stopped(): Promise<void>
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  let stopped: Promise<void> | undefined
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    interactive: {
      stdin: process.stdin.isTTY,
      stdout: process.stdout.isTTY,
      stderr: process.stderr.isTTY,
    },
    stopped: () => (stopped ??= stopSignal()),
  }
}

function stopSignal(): Promise<void> {
  return new Promise(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve())
  })
}
