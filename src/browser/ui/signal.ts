/** A value that the page is drawn from: setting another one draws the page anew. */
export interface Signal<T> {
  value: T
}

const listeners = new Set<() => void>()
let due = false

/** @param initial is kept until another value is set; the same value again is no change */
export function signal<T>(initial: T): Signal<T> {
  let now = initial
  return {
    get value() {
      return now
    },
    set value(next) {
      if (Object.is(now, next)) return
      now = next
      tell()
    },
  }
}

/**
 * Has `listener` called after signals changed, once for all changes of one turn.
 * @returns what ends it
 */
export function onChange(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function tell(): void {
  if (due) return
  due = true
  queueMicrotask(() => {
    due = false
    for (const listener of listeners) listener()
  })
}
