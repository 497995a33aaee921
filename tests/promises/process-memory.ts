import { once } from 'node:events'
import { open, readFile } from 'node:fs/promises'

/** A process that was started with `--inspect`, asked from outside over the protocol of its debugger. */
export interface Inspected {
  /** Runs an expression in the process. */
  run(expression: string): Promise<void>
  /**
   * What lives in it after a forced collection: every string, and the bytes of every ArrayBuffer (a heap snapshot has the
   * one and not the other).
   */
  living(): Promise<Living>
  close(): void
}

export interface Living {
  /** With line ends between them. */
  readonly strings: string
  readonly bytes: Buffer
}

/** Starting the process with these lets snapshots hold whole strings; the address comes on standard error. */
export const inspectedArgs = [
  '--inspect=127.0.0.1:0',
  '--heap-snapshot-string-limit=100000000',
  '--max-semi-space-size=4',
]

type Answer = Record<string, unknown>

export async function inspect(standardError: string): Promise<Inspected> {
  const address = /ws:\/\/\S+/.exec(standardError)?.[0]
  if (address === undefined) throw new Error(`no debugger: ${standardError}`)
  const socket = new WebSocket(address)
  await once(socket, 'open')
  const waiting = new Map<number, (answer: Answer) => void>()
  let chunks: string[] = []
  let last = 0
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data)) as { id?: number; method?: string; params?: Answer }
    if (message.method === 'HeapProfiler.addHeapSnapshotChunk')
      chunks.push(String(message.params?.['chunk']))
    if (message.id !== undefined) waiting.get(message.id)?.(message)
  })
  const ask = async (method: string, params: object = {}): Promise<Answer> => {
    last += 1
    const id = last
    const answered = new Promise<Answer>(resolve => waiting.set(id, resolve))
    socket.send(JSON.stringify({ id, method, params }))
    const { error, result } = await answered
    if (error !== undefined) throw new Error(`${method}: ${JSON.stringify(error)}`)
    return result as Answer
  }
  const strings = async (): Promise<string> => {
    chunks = []
    await ask('HeapProfiler.takeHeapSnapshot', { reportProgress: false })
    const snapshot = chunks.join('')
    const list = snapshot.slice(snapshot.indexOf('"strings":') + '"strings":'.length, -1)
    return (JSON.parse(list.slice(0, list.lastIndexOf(']') + 1)) as string[]).join('\n')
  }
  const bytes = async (): Promise<Buffer> => {
    const prototype = await ask('Runtime.evaluate', { expression: 'ArrayBuffer.prototype' })
    const { objectId: prototypeObjectId } = prototype['result'] as { objectId: string }
    const { objects } = await ask('Runtime.queryObjects', { prototypeObjectId })
    const found = await ask('Runtime.callFunctionOn', {
      objectId: (objects as { objectId: string }).objectId,
      functionDeclaration: `function () {
        return Buffer.concat(this.filter(each => !each.detached).map(each => Buffer.from(each))).toString('base64')
      }`,
      returnByValue: true,
    })
    return Buffer.from(String((found['result'] as { value: unknown }).value), 'base64')
  }
  return {
    async run(expression) {
      const { exceptionDetails } = await ask('Runtime.evaluate', { expression })
      if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails))
    },
    async living() {
      await ask('HeapProfiler.collectGarbage')
      return { strings: await strings(), bytes: await bytes() }
    },
    close: () => socket.close(),
  }
}

/** All the memory of a process that it can write to, in use or given back and not written over yet; Linux. */
export async function* wholeMemory(pid: number): AsyncGenerator<Buffer> {
  const maps = await readFile(`/proc/${pid}/maps`, 'utf8')
  const memory = await open(`/proc/${pid}/mem`)
  try {
    for (const [, from = '', to = ''] of maps.matchAll(/^([0-9a-f]+)-([0-9a-f]+) rw/gm)) {
      const end = Number.parseInt(to, 16)
      for (let at = Number.parseInt(from, 16); at < end; at += PIECE) {
        const piece = Buffer.alloc(Math.min(PIECE + OVERLAP, end - at))
        // What was never touched, or went meanwhile, cannot be read.
        const read = await memory.read(piece, 0, piece.length, at).catch(() => ({ bytesRead: 0 }))
        yield piece.subarray(0, read.bytesRead)
      }
    }
  } finally {
    await memory.close()
  }
}

const PIECE = 8 * 1024 * 1024
/** No longer than what is looked for, so that nothing hides between two pieces. */
const OVERLAP = 4 * 1024
