import type { KeyObject } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { EnvelopeError } from '../../core/envelope/errors.ts'
import type { SealingMaterial } from '../../core/envelope/seal.ts'
import {
  maxPreparingThreads,
  maxTold,
  preparingThreadLimits,
  preparingThreadRestMs,
} from './limits.ts'
import type { Notice } from './notice.ts'
import { prepareMail, sealWholeMail } from './seal-mail.ts'
import type { PreparedMail, PrepareMail, SealMailRequest, SealWholeMail } from './seal-mail.ts'

/** The gateway's secrets in a form that can be handed to a thread; they stay in this process. */
export interface ThreadKeys {
  readonly mac: KeyObject
  /** Undefined: no key of that id is at hand, and the mail is prepared in the thread it came in. */
  readonly signing: (signingKeyId: string) => KeyObject | undefined
}

/** Prepare mails beside the thread that takes them in and streams them. */
export interface PreparingThreads {
  /** Throws also when the thread ends, as `Error`: nothing has been sent then, and the client tries again. */
  readonly prepare: PrepareMail
  /** Throws as `prepare` does. For small mails: large ones cost more to hand over than is saved. */
  readonly sealWhole: SealWholeMail
  close(): Promise<void>
}

export interface PreparingThreadNeeds {
  readonly keys: ThreadKeys
  readonly onFault: (fault: unknown) => void
  /** Default: one for each processor besides the first. */
  readonly threads?: number
}

/** Sent once; later mails name its number. */
export interface Told {
  readonly number: number
  readonly value: Notice | (Omit<SealingMaterial, 'sign'> & { readonly signingKey: KeyObject })
}

export interface AskOfThread {
  readonly id: number
  /** Everything told before is forgotten first. */
  readonly forget: boolean
  readonly tell: readonly Told[]
  readonly mail: Pick<SealMailRequest, 'header' | 'policy' | 'nowMs'>
  /** To be sealed as a whole; undefined: to be prepared. */
  readonly body: Uint8Array | undefined
  /** Numbers of what was told. */
  readonly material: number
  readonly notice: number
}

export type AnswerOfThread =
  | 'ready'
  | { readonly id: number; readonly prepared: PreparedMail }
  | { readonly id: number; readonly whole: Uint8Array }
  | {
      readonly id: number
      readonly error: { readonly code?: EnvelopeError['code']; readonly message: string }
    }

/** Threads start with the first mail; until one is ready, mails are prepared in this thread. */
export function preparingThreads(needs: PreparingThreadNeeds): PreparingThreads {
  const count = Math.min(needs.threads ?? availableParallelism() - 1, maxPreparingThreads)
  const threads = Array.from({ length: Math.max(count, 0) }, () => new PreparingThread(needs))
  const ask = (request: SealMailRequest, body?: Uint8Array): Promise<Result> | undefined => {
    const signingKey = needs.keys.signing(request.material.signingKeyId)
    for (const thread of threads) thread.wake()
    const [free] = threads.filter(({ isReady }) => isReady).toSorted((a, b) => a.busy - b.busy)
    return signingKey && free?.ask(request, signingKey, body)
  }
  return {
    prepare: request => (ask(request) ?? prepareMail(request)) as Promise<PreparedMail>,
    sealWhole: (request, body) =>
      (ask(request, body) ?? sealWholeMail(request, body)) as Promise<Uint8Array>,
    close: async () => {
      await Promise.all(threads.map(thread => thread.close()))
    },
  }
}

/** Built or as it stands in the sources. */
const file = new URL(`preparing-thread${extname(import.meta.url)}`, import.meta.url)

/** Of a mail that was asked for without its body, or with it. */
type Result = PreparedMail | Uint8Array

interface Waiting {
  readonly resolve: (result: Result) => void
  readonly reject: (error: Error) => void
}

class PreparingThread {
  isReady = false
  readonly #needs: PreparingThreadNeeds
  readonly #waiting = new Map<number, Waiting>()
  readonly #told = new Map<object, number>()
  #worker: Worker | undefined
  #restsUntilMs = 0
  #isClosed = false
  #nextId = 1

  constructor(needs: PreparingThreadNeeds) {
    this.#needs = needs
  }

  /** Mails that it has. */
  get busy(): number {
    return this.#waiting.size
  }

  wake(): void {
    if (this.#worker !== undefined || this.#isClosed) return
    if (performance.now() < this.#restsUntilMs) return
    const worker = new Worker(file, {
      workerData: { mac: this.#needs.keys.mac },
      resourceLimits: preparingThreadLimits,
    })
    worker.unref()
    worker.on('message', (answer: AnswerOfThread) => this.#take(answer))
    worker.on('error', fault => this.#needs.onFault(fault))
    worker.on('exit', () => this.#ended())
    this.#worker = worker
  }

  ask(request: SealMailRequest, signingKey: KeyObject, whole?: Uint8Array): Promise<Result> {
    const { policy, nowMs } = request
    // Copies: else all that their memory holds besides would be handed over.
    const header = new Uint8Array(request.header)
    const body = whole && new Uint8Array(whole)
    const id = this.#nextId++
    const asked = { id, mail: { header, policy, nowMs }, body, ...this.#tell(request, signingKey) }
    return new Promise((resolve, reject) => {
      this.#worker?.postMessage(asked satisfies AskOfThread)
      this.#waiting.set(id, { resolve, reject })
    })
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#worker?.terminate()
  }

  #tell(
    { material, notice }: SealMailRequest,
    signingKey: KeyObject,
  ): Omit<AskOfThread, 'id' | 'mail' | 'body'> {
    const { sign: _here, ...shared } = material
    const forget = this.#told.size >= maxTold
    if (forget) this.#told.clear()
    const tell: Told[] = []
    const numberOf = (key: object, value: Told['value']): number => {
      const known = this.#told.get(key)
      if (known !== undefined) return known
      const number = this.#told.size
      this.#told.set(key, number)
      tell.push({ number, value })
      return number
    }
    const numbers = {
      material: numberOf(material, { ...shared, signingKey }),
      notice: numberOf(notice, notice),
    }
    return { forget, tell, ...numbers }
  }

  #take(answer: AnswerOfThread): void {
    if (answer === 'ready') {
      this.isReady = true
      return
    }
    const waiting = this.#waiting.get(answer.id)
    this.#waiting.delete(answer.id)
    if (!('error' in answer)) {
      waiting?.resolve('whole' in answer ? answer.whole : answer.prepared)
      return
    }
    const { code, message } = answer.error
    waiting?.reject(code === undefined ? new Error(message) : new EnvelopeError(code, message))
  }

  /** Its mails are answered 4xx and sent again; until it is back, mails are prepared where they came in. */
  #ended(): void {
    this.isReady = false
    this.#worker = undefined
    this.#told.clear()
    this.#restsUntilMs = performance.now() + preparingThreadRestMs
    for (const { reject } of this.#waiting.values()) reject(new Error('the preparing thread ended'))
    this.#waiting.clear()
  }
}
