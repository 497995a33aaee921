import { ReplyRefusal } from './reply-refusal.ts'

export interface PlaceLimits {
  readonly places: number
  readonly placesOfWriter: number
  readonly waiting: number
  readonly waitingMs: number
}

interface Waiting {
  readonly writer: string
  readonly begin: () => void
}

/** Places to work in: so many at once, of one writer fewer; the others wait in their order, for a while. */
export class Places {
  readonly #limits: PlaceLimits
  readonly #taken = new Map<string, number>()
  #free: number
  #waiting: Waiting[] = []

  constructor(limits: PlaceLimits) {
    this.#limits = limits
    this.#free = limits.places
  }

  /** Runs `task` in a place. @throws {ReplyRefusal} `replies-unavailable` when there is none in time, or before `ending` */
  async run<T>(writer: string, ending: AbortSignal, task: () => Promise<T>): Promise<T> {
    await this.#enter(writer, ending)
    try {
      return await task()
    } finally {
      this.#leave(writer)
    }
  }

  async #enter(writer: string, ending: AbortSignal): Promise<void> {
    if (ending.aborted) throw noPlace()
    if (this.#mayBegin(writer)) return this.#take(writer)
    if (this.#waiting.length >= this.#limits.waiting) throw noPlace()
    await new Promise<void>((resolve, reject) => {
      const place: Waiting = {
        writer,
        begin: () => {
          stopWaiting()
          resolve()
        },
      }
      const leave = (): void => {
        stopWaiting()
        this.#waiting = this.#waiting.filter(other => other !== place)
        reject(noPlace())
      }
      const timer = setTimeout(leave, this.#limits.waitingMs)
      const stopWaiting = (): void => {
        clearTimeout(timer)
        ending.removeEventListener('abort', leave)
      }
      ending.addEventListener('abort', leave)
      this.#waiting.push(place)
    })
  }

  #mayBegin(writer: string): boolean {
    return this.#free > 0 && (this.#taken.get(writer) ?? 0) < this.#limits.placesOfWriter
  }

  #take(writer: string): void {
    this.#free--
    this.#taken.set(writer, (this.#taken.get(writer) ?? 0) + 1)
  }

  #leave(writer: string): void {
    this.#free++
    const left = (this.#taken.get(writer) ?? 0) - 1
    if (left > 0) this.#taken.set(writer, left)
    else this.#taken.delete(writer)
    const next = this.#waiting.find(waiting => this.#mayBegin(waiting.writer))
    if (next === undefined) return
    this.#waiting = this.#waiting.filter(other => other !== next)
    this.#take(next.writer)
    next.begin()
  }
}

function noPlace(): ReplyRefusal {
  return new ReplyRefusal('replies-unavailable', { reason: 'places' })
}
