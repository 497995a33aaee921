import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { findProgram } from './machine.ts'

/** Postfix's load programs: Debian's package postfix brings them. */
export interface LoadPrograms {
  readonly source: string
  readonly sink: string
}

export function findLoadPrograms(): LoadPrograms | undefined {
  const source = findProgram('smtp-source')
  const sink = findProgram('smtp-sink')
  return source === undefined || sink === undefined ? undefined : { source, sink }
}

export interface Load {
  readonly mails: number
  readonly bytes: number
  readonly sessions: number
  readonly from: string
  readonly to: string
}

/** Sends over connections that stay open (`-d`). @throws Error with the program's own words */
export async function sendMails(programs: LoadPrograms, port: number, load: Load): Promise<void> {
  const flags = {
    '-s': String(load.sessions),
    '-m': String(load.mails),
    '-l': String(load.bytes),
    '-f': load.from,
    '-t': load.to,
    '-M': 'bench.example.com',
  }
  const args = ['-d', ...Object.entries(flags).flat(), `127.0.0.1:${port}`]
  const child = spawn(programs.source, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  await finished(child, 'smtp-source')
}

export interface Sink {
  /** Mails received so far. */
  readonly mails: number
  /** Resolves when it has received so many mails. @throws Error when that takes too long */
  received(mails: number): Promise<void>
  stop(): void
}

/** A mail that takes longer is lost. */
const patienceMs = 120_000

/** A next hop that takes every mail and throws it away. */
export async function startSink(programs: LoadPrograms, port: number): Promise<Sink> {
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : []
  const args = ['-c', ...user, '-m', '1000', `127.0.0.1:${port}`, '1000']
  const child = spawn(programs.sink, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let mails = 0
  let tell: () => void = () => undefined
  child.stdout.on('data', (chunk: Buffer) => {
    // `sess=4 quit=3 mesg=20`, again at each event
    const counts = chunk.toString('latin1').match(/mesg=\d+(?=[\r\n])/g)
    mails = Number(counts?.at(-1)?.slice('mesg='.length) ?? mails)
    tell()
  })
  await waitForPort(port)
  return {
    get mails() {
      return mails
    },
    received: wanted =>
      new Promise((resolve, reject) => {
        const late = (): void => reject(new Error(`smtp-sink has ${mails} of ${wanted} mails`))
        const timer = setTimeout(late, patienceMs)
        tell = () => {
          if (mails < wanted) return
          clearTimeout(timer)
          resolve()
        }
        tell()
      }),
    stop: () => void child.kill(),
  }
}

async function finished(child: ChildProcess, name: string): Promise<void> {
  let words = ''
  child.stderr?.on('data', (chunk: Buffer) => (words += chunk.toString()))
  const [status] = await once(child, 'close')
  if (status !== 0) throw new Error(`${name} ended with ${String(status)}: ${words.trim()}`)
}

/** Resolves when something listens on the port. @throws Error after 15 s */
export async function waitForPort(port: number): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt++) {
    if (await answers(port)) return
    await sleep(25)
  }
  throw new Error(`nothing listens on port ${port}`)
}

function answers(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}

/** A port that nobody uses now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
