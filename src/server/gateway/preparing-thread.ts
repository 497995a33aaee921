import { parentPort, workerData } from 'node:worker_threads'
import type { MessagePort } from 'node:worker_threads'
import { EnvelopeError } from '../../core/envelope/errors.ts'
import { signWith } from '../crypto/ed25519.ts'
import { hmac } from '../crypto/native-primitives.ts'
import type { AnswerOfThread, AskOfThread, ThreadKeys, Told } from './preparing-threads.ts'
import { prepareMail, sealWholeMail } from './seal-mail.ts'
import type { SealMailRequest } from './seal-mail.ts'

/** Prepares mails, and seals small ones as a whole, in a thread of its own; see preparing-threads.ts. */

const { mac: macKey } = workerData as Pick<ThreadKeys, 'mac'>
const mac = (data: Uint8Array): Uint8Array => hmac(macKey, data)

/** By their numbers: what is remembered for a notice or a key hangs on these very objects. */
const told = new Map<number, SealMailRequest['material'] | SealMailRequest['notice']>()

function remember({ number, value }: Told): void {
  if (!('signingKey' in value)) {
    told.set(number, value)
    return
  }
  const { signingKey, ...material } = value
  told.set(number, { ...material, sign: signWith(signingKey) })
}

function requestOf({ mail, material, notice }: AskOfThread): SealMailRequest {
  return {
    ...mail,
    material: told.get(material) as SealMailRequest['material'],
    notice: told.get(notice) as SealMailRequest['notice'],
    mac,
  }
}

async function answer(port: MessagePort, asked: AskOfThread): Promise<void> {
  if (asked.forget) told.clear()
  for (const one of asked.tell) remember(one)
  const { id, body } = asked
  try {
    if (body === undefined) {
      const prepared = await prepareMail(requestOf(asked))
      port.postMessage({ id, prepared } satisfies AnswerOfThread)
    } else {
      const whole = await sealWholeMail(requestOf(asked), body)
      port.postMessage({ id, whole } satisfies AnswerOfThread, [whole.buffer as ArrayBuffer])
    }
  } catch (error) {
    port.postMessage({ id, error: explain(error) } satisfies AnswerOfThread)
  }
}

function explain(error: unknown): { code?: EnvelopeError['code']; message: string } {
  if (error instanceof EnvelopeError) return { code: error.code, message: error.message }
  return { message: error instanceof Error ? (error.stack ?? error.message) : String(error) }
}

if (parentPort !== null) {
  const port = parentPort
  port.on('message', (asked: AskOfThread) => void answer(port, asked))
  port.postMessage('ready' satisfies AnswerOfThread)
}
