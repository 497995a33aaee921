import { ReplyRefusal } from './reply-refusal.ts'

export interface PlaceLimits {
  readonly places: number
  readonly placesOfWriter: number
  readonly waiting: number
  readonly waitingMs: number
  /** How often it is looked who is late, while somebody waits. */
  readonly lookMs: number
}

/** Whoever has a place. */
export interface Holder {
  /** 0: it does not keep the others waiting. */
  readonly lateMs: number
  breakOff(): void
}

interface Waiting {
  readonly writer: string
  readonly begin: () => void
}

/**
 * Places to work in: so many at once, of one writer fewer; the others wait in their order, for a while. While somebody
 * waits because all are taken, whoever is latest loses theirs. Attack: a few slow writers who take every place.
 */
export class Places {
  readonly #limits: PlaceLimits
  readonly #taken = new Map<string, number>()
  readonly #holders = new Set<Holder>()
  #free: number
  #waiting: Waiting[] = []

  constructor(limits: PlaceLimits) {
    this.#limits = limits
    this.#free = limits.places
  }

  /** Runs `task` in a place. @throws {ReplyRefusal} `replies-unavailable` when there is none in time, or before `ending` */
  async run<T>(
    writer: string,
    holder: Holder,
    ending: AbortSignal,
    task: () => Promise<T>,
  ): Promise<T> {
    await this.#enter(writer, ending)
    this.#holders.add(holder)
    try {
      return await task()
    } finally {
      this.#holders.delete(holder)
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
      const look = setInterval(() => this.#press(place), this.#limits.lookMs)
      const stopWaiting = (): void => {
        clearTimeout(timer)
        clearInterval(look)
        ending.removeEventListener('abort', leave)
      }
      ending.addEventListener('abort', leave)
      this.#waiting.push(place)
    })
  }

  /** Whoever would get the place presses for all. Attack: a writer with enough places of their own empties those of others. */
  #press(place: Waiting): void {
    const next = this.#waiting.find(({ writer }) => this.#mayHaveMore(writer))
    if (this.#free > 0 || next !== place) return
    const [latest] = [...this.#holders].toSorted((a, b) => b.lateMs - a.lateMs)
    if (latest !== undefined && latest.lateMs > 0) latest.breakOff()
  }

  #mayBegin(writer: string): boolean {
    return this.#free > 0 && this.#mayHaveMore(writer)
  }

  #mayHaveMore(writer: string): boolean {
    return (this.#taken.get(writer) ?? 0) < this.#limits.placesOfWriter
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
