/** Work that goes on after the answer; a process that ends waits for it. */
export interface BackgroundTasks {
  /** Starts `task` after `delayMs`; its failure goes to `onError`. */
  run(task: () => Promise<void>, delayMs: number): void
  /** How many have not ended. */
  readonly size: number
  /** Resolves when none is left. */
  settle(): Promise<void>
}

export function createBackgroundTasks(onError: (error: unknown) => void): BackgroundTasks {
  const tasks = new Set<Promise<void>>()
  const start = async (task: () => Promise<void>, delayMs: number) => {
    await new Promise(resolve => {
      setTimeout(resolve, delayMs)
    })
    await task()
  }
  return {
    run(task, delayMs) {
      const running = start(task, delayMs)
        .catch(onError)
        .finally(() => tasks.delete(running))
      tasks.add(running)
    },
    get size() {
      return tasks.size
    },
    async settle() {
      while (tasks.size > 0) await Promise.all(tasks)
    },
  }
}
