export interface Semaphore {
  /** Runs `task` when a place is free. */
  run<T>(task: () => Promise<T>): Promise<T>
}

/** Lets at most `places` tasks run at once; the others wait in order. */
export function createSemaphore(places: number): Semaphore {
  let free = places
  const waiting: (() => void)[] = []
  const enter = async () => {
    if (free > 0) free -= 1
    else await new Promise<void>(resolve => waiting.push(resolve))
  }
  const leave = () => {
    const next = waiting.shift()
    if (next === undefined) free += 1
    else next()
  }
  return {
    async run(task) {
      await enter()
      try {
        return await task()
      } finally {
        leave()
      }
    },
  }
}
