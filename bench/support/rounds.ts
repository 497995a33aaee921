/** Work done, in the unit of the measure (bytes, mails, requests), and how long it took. */
export interface Work {
  readonly amount: number
  readonly ms: number
}

/** One of the things compared: does its work once, and measures itself. */
export interface Contender {
  readonly name: string
  run(): Promise<Work>
}

/** A contender whose whole run counts; `work` returns the amount. */
export const timed = (name: string, work: () => Promise<number> | number): Contender => ({
  name,
  async run() {
    const startMs = performance.now()
    const amount = await work()
    return { amount, ms: performance.now() - startMs }
  },
})

export interface Measured {
  readonly name: string
  /** Work per second, the median of the rounds. */
  readonly perSecond: number
  readonly rounds: readonly number[]
}

/** At least this many, so that the median is not one lucky or unlucky round. performance.md */
export const minRounds = 5

/**
 * Measures the contenders in alternating rounds (a, b, c, a, b, c, …), so that a machine that
 * slows down slows all of them; the order is turned by one each round.
 * Each round repeats a contender's work for at least `minMs` milliseconds.
 */
export async function measure(
  contenders: readonly Contender[],
  { rounds = minRounds, minMs = 300 }: { rounds?: number; minMs?: number } = {},
): Promise<readonly Measured[]> {
  const rates = new Map<string, number[]>(contenders.map(({ name }) => [name, []]))
  for (const contender of contenders) await contender.run() // warm up, unmeasured
  for (let round = 0; round < rounds; round++) {
    const turned = contenders.map((_, index) => contenders[(index + round) % contenders.length])
    for (const contender of turned) {
      if (contender !== undefined) rates.get(contender.name)?.push(await rate(contender, minMs))
    }
  }
  return [...rates].map(([name, list]) => ({ name, perSecond: median(list), rounds: list }))
}

async function rate(contender: Contender, minMs: number): Promise<number> {
  let amount = 0
  let ms = 0
  do {
    const work = await contender.run()
    amount += work.amount
    ms += work.ms
  } while (ms < minMs)
  return (amount * 1000) / ms
}

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2
}

/** How many times faster `name` was than `rival`. */
export function ratio(measured: readonly Measured[], name: string, rival: string): number {
  const find = (wanted: string): number =>
    measured.find(entry => entry.name === wanted)?.perSecond ?? Number.NaN
  return find(name) / find(rival)
}
