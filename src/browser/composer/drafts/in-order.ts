let last: Promise<unknown> = Promise.resolve()

/**
 * Work on kept drafts, one after the other, of all stores of this page: an older text must not come after a newer one,
 * nor be read before it is there.
 */
export function inOrder<T>(work: () => Promise<T>): Promise<T> {
  const result = last.then(work)
  last = result.catch(() => undefined)
  return result
}
