import { setImmediate as turn } from 'node:timers/promises'
import type { Half } from './next-hop/half.ts'
import type { MailSource } from './smtp/mail-source.ts'
import { isPermanent, isSuccess, replies } from './smtp/reply.ts'
import type { Reply } from './smtp/reply.ts'

/** A mail that is being sealed: takes the original, gives the bytes of the wrapper mail. */
export interface SealedStream {
  push(original: Uint8Array): readonly Uint8Array[]
  finish(): readonly Uint8Array[]
}

export interface Delivery {
  /** Halves that get the original, byte for byte. */
  readonly plain: readonly Half[]
  /** Halves that get the sealed mail. */
  readonly sealed: readonly Half[]
  /** The header block, and what came with it of the body. */
  readonly header: Buffer
  readonly sealedHeader: Uint8Array
  readonly rest: Buffer
  readonly source: Pick<MailSource, 'next'>
  /** Asked for only when some half is to be sealed. */
  readonly seal: () => Promise<SealedStream>
  /** The journal; runs once the whole mail has come, before any final dot. */
  readonly beforeFinalDot: () => Promise<void>
}

export type Delivered =
  | { readonly kind: 'refused'; readonly reply: Reply }
  | { readonly kind: 'answered'; readonly answers: ReadonlyMap<Half, Reply> }

/**
 * Streams a mail to every half at the pace of the slowest, then sends the final dots, all after all
 * bodies are written. Throws before any final dot when anything fails: the caller breaks off.
 */
export async function deliver(delivery: Delivery): Promise<Delivered> {
  const halves = [...delivery.plain, ...delivery.sealed]
  const [stream, refusal] = await Promise.all([
    delivery.sealed.length > 0 ? delivery.seal() : undefined,
    startAll(halves),
  ])
  if (refusal !== undefined) return { kind: 'refused', reply: refusal }
  await streamTo(delivery, stream)
  // A single half may get the end of its body and the final dot in one.
  if (halves.length > 1) await Promise.all(halves.map(half => half.flush()))
  await delivery.beforeFinalDot()
  const answers = await Promise.all(halves.map(half => half.finish()))
  return {
    kind: 'answered',
    answers: new Map(halves.map((half, at) => [half, answers[at] ?? replies.failed])),
  }
}

/** DATA on every half; one refusal refuses the mail while nothing has been delivered. */
async function startAll(halves: readonly Half[]): Promise<Reply | undefined> {
  const answers = await Promise.all(halves.map(half => half.start()))
  const refusals = answers.filter(answer => answer !== undefined)
  return worst(refusals)
}

async function streamTo(delivery: Delivery, stream: SealedStream | undefined): Promise<void> {
  const { plain, sealed, source } = delivery
  await writeAll(plain, [delivery.header])
  if (delivery.rest.length > 0) await writeAll(plain, [delivery.rest])
  if (stream !== undefined) {
    await writeAll(sealed, stream.push(delivery.sealedHeader))
    if (delivery.rest.length > 0) await writeAll(sealed, stream.push(delivery.rest))
  }
  for (let piece = await source.next(); piece !== null; piece = await source.next()) {
    await writeAll(plain, [piece])
    if (stream !== undefined) await writeAll(sealed, stream.push(piece))
    // Lets other mails have their turn although this client always has more to give.
    await turn()
  }
  if (stream !== undefined) await writeAll(sealed, stream.finish())
}

async function writeAll(halves: readonly Half[], pieces: readonly Uint8Array[]): Promise<void> {
  if (halves.length === 0 || pieces.length === 0) return
  const buffers = pieces.map(asBuffer)
  for (const half of halves) await half.write(buffers)
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/**
 * The answer when no half was delivered before: 250 when all are, else what the next hop said.
 * `finished` names the halves that must not be delivered again. contract.md, Gateway
 */
export function concludeDelivery(answers: ReadonlyMap<Half, Reply>): {
  readonly reply: Reply
  readonly finished: readonly Half[]
} {
  const failures = [...answers.values()].filter(answer => !isSuccess(answer))
  const successes = [...answers].filter(([, answer]) => isSuccess(answer))
  const failure = worst(failures)
  if (failure === undefined) return { reply: [...answers.values()][0] ?? replies.ok, finished: [] }
  const finished = successes.map(([half]) => half)
  return { reply: finished.length > 0 ? replies.halfDelivered : failure, finished }
}

/** What can be tried again comes before what cannot: nothing may be given up too early. */
function worst(failures: readonly Reply[]): Reply | undefined {
  return failures.find(answer => !isPermanent(answer)) ?? failures[0]
}
