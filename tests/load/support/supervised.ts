import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'

/** A program that is started again each time it is killed. */
export class Supervised {
  readonly #script: URL
  readonly #parameters: readonly string[]
  #child: ChildProcess | undefined
  kills = 0

  constructor(script: URL, parameters: readonly string[]) {
    this.#script = script
    this.#parameters = parameters
  }

  /** Ends when it says that it is ready. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, [this.#script.pathname, ...this.#parameters], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    this.#child = child
    await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])
    if (child.exitCode !== null) throw new Error(`the program ended with ${child.exitCode}`)
  }

  /** SIGKILL: it gets no chance to do anything. */
  async kill(): Promise<void> {
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    this.kills++
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
