/** Nothing that is waited for here takes as long, also on a machine that does twenty other things. */
const limitMs = 120_000

/** Waits for it, or says what stands still. */
export async function within<T>(wanted: Promise<T>, what: () => string): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`stands still: ${what()}`)), limitMs)
  try {
    return await Promise.race([wanted, promise])
  } finally {
    clearTimeout(timer)
  }
}
