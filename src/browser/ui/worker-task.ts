/** What a worker of ours says, besides failing: how far it is, then its answer. */
export type WorkerWord<Answer> =
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  | { readonly kind: 'answer'; readonly answer: Answer }

export type WorkerErrorCode = 'worker-failed' | 'time-limit' | 'stopped'

/** A worker did not answer: it crashed, could not be started, took longer than it may, or was stopped. */
export class WorkerError extends Error {
  readonly code: WorkerErrorCode

  constructor(code: WorkerErrorCode, detail?: string) {
    super(detail === undefined ? code : `${code}: ${detail}`)
    this.name = 'WorkerError'
    this.code = code
  }
}

export interface WorkerTask {
  /** From an import that ends in `?worker&url`. */
  readonly url: string
  readonly request: unknown
  readonly transfer?: readonly Transferable[]
  /** Milliseconds after which the worker is ended; endless when absent. */
  readonly limitMs?: number
  /** Ends the worker when it is aborted. */
  readonly stopped?: AbortSignal | undefined
  readonly onProgress?: (done: number, total: number) => void
}

/**
 * Runs one request in a worker of its own and ends it.
 * @throws {WorkerError}
 */
export async function runInWorker<Answer>(task: WorkerTask): Promise<Answer> {
  const worker = startWorker(task.url)
  const ended = new AbortController()
  try {
    return await Promise.race([listen<Answer>(worker, task), expire(task, ended.signal)])
  } finally {
    ended.abort()
    worker.terminate()
  }
}

function listen<Answer>(worker: Worker, task: WorkerTask): Promise<Answer> {
  return new Promise((resolve, reject) => {
    worker.addEventListener('message', (event: MessageEvent<WorkerWord<Answer>>) => {
      if (event.data.kind === 'progress') task.onProgress?.(event.data.done, event.data.total)
      else resolve(event.data.answer)
    })
    const fail = (event: Event): void =>
      reject(new WorkerError('worker-failed', event instanceof ErrorEvent ? event.message : ''))
    worker.addEventListener('error', fail)
    worker.addEventListener('messageerror', fail)
    worker.postMessage(task.request, [...(task.transfer ?? [])])
  })
}

/** Rejects when the time is over or the task is stopped. */
function expire({ limitMs, stopped }: WorkerTask, ended: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = (): void => reject(new WorkerError('stopped'))
    if (stopped?.aborted === true) stop()
    stopped?.addEventListener('abort', stop, { signal: ended })
    if (limitMs === undefined) return
    const timer = setTimeout(() => reject(new WorkerError('time-limit')), limitMs)
    ended.addEventListener('abort', () => clearTimeout(timer))
  })
}

/** The Trusted Types policy that lets own workers start: addresses of the build of this origin alone. */
const policy = trustedTypes()?.createPolicy('zegel-worker', {
  createScriptURL(url: string): string {
    const { origin, pathname } = new URL(url, location.href)
    if (origin === location.origin && /^\/(?:assets\/|service-worker\.js$)/.test(pathname))
      return url
    throw new TypeError('not a worker of this page')
  },
})

function startWorker(url: string): Worker {
  return new Worker(trustedWorkerUrl(url), { type: 'module' })
}

/** What `Worker` and `register` take; a string by its type, which is all that TypeScript knows there. */
export function trustedWorkerUrl(url: string): string {
  return (policy?.createScriptURL(url) ?? url) as string
}

interface ScriptPolicyFactory {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL: (url: string) => unknown }
}

function trustedTypes(): ScriptPolicyFactory | undefined {
  return (globalThis as { trustedTypes?: ScriptPolicyFactory }).trustedTypes
}
