import { childNodes } from './child-nodes.ts'
import type { Cleaner, Opened } from './cleaner.ts'
import type { Pace } from './pace.ts'
import type { Weights } from './weigh-tree.ts'

/** What is sanitised at once. Elements; some 10 ms on a slow phone. */
const maxWeight = 100
/** Each element that is opened costs as much as ten that are not: a deep letter, every line of which is a tag in 500 others, is then sanitised in larger parts. */
const maxOpened = 5000
const maxWeightOfDeep = 1000
/** A million `<p>` would take all of a phone's memory: what follows stays in the original. Elements. */
export const maxPoured = 300_000
/** More are not laid out at once, where that is quick. Elements; some 30 ms. */
const maxUnseen = 1500
/** A table, say: each drawing of some layouts costs as much as all before it together. */
const slowLookMs = 200
/** A table is laid out whole whenever something is added to it: a longer one is several. Rows, and the texts between them. */
const maxInTable = 1000
/** At least so much work lies between two drawings, and as much as the last drawing took: a table is drawn anew each time. */
const minWorkMs = 25

/** Where clean parts go. */
export interface Pool {
  readonly page: Document
  /** Elements that it holds. */
  readonly room: number
  /** Has the browser lay out what is there now: what comes later is then laid out apart from it. */
  readonly layOut: () => void
}

/** Pours a tree into a page, clean part by clean part, each to where its tree had it. */
export class Pouring {
  readonly #cleaner: Pick<Cleaner, 'clean' | 'open'>
  readonly #weights: Weights
  readonly #pace: Pace
  readonly #pool: Pool
  #waiting: (readonly [Node, Node])[] = []
  #unseen = 0
  #workMs = minWorkMs
  #sinceMs = performance.now()
  #poured = 0
  #opened = 0

  constructor(cleaner: Pick<Cleaner, 'clean' | 'open'>, weights: Weights, pace: Pace, pool: Pool) {
    this.#cleaner = cleaner
    this.#weights = weights
    this.#pace = pace
    this.#pool = pool
  }

  /** Elements that have been poured, about. */
  get poured(): number {
    return this.#poured
  }

  get isFull(): boolean {
    return this.#poured >= this.#pool.room
  }

  /**
   * Everything below `from` goes to the end of `into`.
   * @returns where the last of it went: `into`, or the same part of a further table
   */
  async pour(from: Node, into: Node): Promise<Node> {
    let place = into
    let part: Node[] = []
    let [weight, count] = [0, 0]
    const pourPart = async (): Promise<void> => {
      if (count > maxInTable) [place, count] = [await this.#nextTable(place), 0]
      if (part.length > 0) await this.put(place, this.#cleaner.clean(part), weight)
      part = []
      weight = 0
    }
    for (const node of childNodes(from)) {
      if (this.isFull) break
      const own = this.#weights.get(node) ?? 1
      count += 1
      if (weight + own > maxWeight) await pourPart()
      const opened = this.#open(node, own)
      if (opened === 'not-to-be-opened') {
        part.push(node)
        weight += own
      } else if (opened === 'only-children') place = await this.pour(node, place)
      else if (opened !== 'nothing') {
        const copy = await this.put(place, opened)
        const last = await this.pour(node, copy)
        if (last !== copy) place = last.parentNode ?? place
      }
    }
    await pourPart()
    return place
  }

  /** What a table's part, or a table, is continued in, behind it; the same where it is none. Copies of what is clean. */
  async #nextTable(into: Node): Promise<Node> {
    if (!/^(?:table|thead|tbody|tfoot)$/i.test(into.nodeName)) return into
    await this.look()
    const table = (into as Element).closest('table')
    if (table === null) return into
    const next = table.cloneNode() as Element
    for (const columns of table.querySelectorAll(':scope > colgroup'))
      next.append(columns.cloneNode(true))
    table.after(next)
    if (into === table) return next
    return next.appendChild(into.cloneNode())
  }

  #open(node: Node, weight: number): Opened {
    if (weight <= (this.#opened < maxOpened ? maxWeight : maxWeightOfDeep))
      return 'not-to-be-opened'
    this.#opened += 1
    return this.#cleaner.open(node)
  }

  /** Lets be seen what has been poured. */
  async look(): Promise<void> {
    await this.#pace.pause()
    const fromMs = performance.now()
    for (const [into, part] of this.#waiting) into.appendChild(part)
    this.#waiting = []
    this.#unseen = 0
    this.#pool.layOut()
    await this.#pace.pause()
    this.#sinceMs = performance.now()
    this.#workMs = Math.max(minWorkMs, this.#sinceMs - fromMs)
  }

  /**
   * Something clean goes to the end of `into`.
   * @returns the copy in the page, to which more may be added
   */
  async put<Part extends Node>(into: Node, part: Part, weight = 1): Promise<Part> {
    const copy = this.#pool.page.importNode(part, true)
    this.#waiting.push([into, copy])
    this.#poured += weight
    this.#unseen += weight
    await this.#pace.step()
    const isMuch = this.#unseen > maxUnseen && this.#workMs < slowLookMs
    if (isMuch || performance.now() - this.#sinceMs > this.#workMs) await this.look()
    return copy
  }
}
