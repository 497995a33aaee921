/** The candidate that a person most likely meant, or undefined when none is near. */
export function nearestName(name: string, candidates: readonly string[]): string | undefined {
  // Less than all of its letters: `<<` is near to nothing.
  const limit = Math.min(name.length - 1, Math.max(2, Math.floor(name.length / 3)))
  const ranked = candidates
    .map(candidate => ({ candidate, steps: distance(name, candidate) }))
    .toSorted((a, b) => a.steps - b.steps)
  const best = ranked[0]
  return best && best.steps <= limit ? best.candidate : undefined
}

/** Letters to insert, delete, replace or swap with their neighbour, without regard to case. */
function distance(from: string, to: string): number {
  const a = from.toLowerCase()
  const b = to.toLowerCase()
  let previous: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = at(row, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swapped =
        a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(previous, j - 2) + 1 : Infinity
      next.push(Math.min(replaced, swapped, at(row, j) + 1, at(next, j - 1) + 1))
    }
    previous = row
    row = next
  }
  return at(row, b.length)
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity
}
