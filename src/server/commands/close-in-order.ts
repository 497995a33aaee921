/** Closes one after the other, all of them whatever fails; then throws the first failure. */
export async function closeInOrder(closers: Iterable<() => Promise<void>>): Promise<void> {
  const failures: unknown[] = []
  for (const close of closers) await close().catch((error: unknown) => failures.push(error))
  if (failures.length > 0) throw failures[0]
}
