import { isIPv6 } from 'node:net'
import { networkPrefix } from '../../identity/network-prefix.ts'

export interface StrangerLimits {
  /** Of one client. */
  readonly connectionsOfStranger: number
  /** Of all of them. */
  readonly connections: number
}

/** Connections of clients that have not shown that they may send. Attack: strangers who take every place. */
export class Strangers {
  readonly #limits: StrangerLimits
  readonly #counts = new Map<string, number>()
  #count = 0

  constructor(limits: StrangerLimits) {
    this.#limits = limits
  }

  /** Takes a place and says how to leave it, which may be called twice; undefined when there is none. */
  enter(address: string): (() => void) | undefined {
    const client = clientOf(address)
    const own = this.#counts.get(client) ?? 0
    const { connections, connectionsOfStranger } = this.#limits
    if (this.#count >= connections || own >= connectionsOfStranger) return undefined
    this.#count++
    this.#counts.set(client, own + 1)
    let isInside = true
    return () => {
      if (isInside) this.#leave(client)
      isInside = false
    }
  }

  #leave(client: string): void {
    this.#count--
    const left = (this.#counts.get(client) ?? 1) - 1
    if (left > 0) this.#counts.set(client, left)
    else this.#counts.delete(client)
  }
}

/** Who has one address of IPv6 has all of its network. */
function clientOf(address: string): string {
  return isIPv6(address) ? networkPrefix(address) : address
}
