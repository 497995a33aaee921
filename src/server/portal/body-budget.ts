import { NETWORK_SHARE_OF_BUDGET } from './limits.ts'

/** Memory set aside for one posted body, until its answer has left. */
export interface Reservation {
  /** Sets more aside (less, when negative); false when the budget is used up. */
  grow(bytes: number): boolean
  /** Gives all of it back; more than once is as once. */
  release(): void
}

export interface BodyBudget {
  /** Null when it does not fit. */
  reserve(bytes: number, network: string): Reservation | null
  /** Bytes set aside now. */
  readonly used: number
}

/**
 * All posted bodies of the process together, and those of one network, stay within bounds. protocol.md §2
 * @param maxBodyBytes of one body: a network may always hold one
 */
export function createBodyBudget(maxBytes: number, maxBodyBytes: number): BodyBudget {
  const maxOfNetwork = Math.max(maxBytes * NETWORK_SHARE_OF_BUDGET, maxBodyBytes)
  const byNetwork = new Map<string, number>()
  let used = 0
  const add = (network: string, bytes: number) => {
    used += bytes
    const rest = (byNetwork.get(network) ?? 0) + bytes
    if (rest === 0) byNetwork.delete(network)
    else byNetwork.set(network, rest)
  }
  const tryAdd = (network: string, bytes: number) => {
    const ofNetwork = (byNetwork.get(network) ?? 0) + bytes
    if (used + bytes > maxBytes || ofNetwork > maxOfNetwork) return false
    add(network, bytes)
    return true
  }
  return {
    reserve(bytes, network) {
      if (!tryAdd(network, bytes)) return null
      let held = bytes
      return {
        grow(more) {
          if (!tryAdd(network, more)) return false
          held += more
          return true
        },
        release() {
          add(network, -held)
          held = 0
        },
      }
    },
    get used() {
      return used
    },
  }
}
