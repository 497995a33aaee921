import { networkPrefix } from '../identity/network-prefix.ts'
import type { TakeAllowance } from '../identity/rate-limiter.ts'
import type { Log } from '../telemetry/log.ts'
import { blockedSignIns, uncountedBlockMs } from './limits.ts'

/**
 * Slows those down who guess passwords over many connections. Only wrong passwords count, and they count against the
 * network that they come from: strangers cannot keep out a mail server that has the right one.
 */
export interface SignInGuard {
  /** False: no password is looked at now, right or wrong. */
  mayTry(user: string, address: string): boolean
  /** A wrong password, or an unknown name. Never throws. */
  failed(user: string, address: string): Promise<void>
}

export interface SignInGuardNeeds {
  /** Counts for all nodes of an installation. */
  readonly take: TakeAllowance
  readonly clock: () => number
  readonly log: Log
}

/** What is blocked is remembered by this process; another node finds out at its next wrong password. */
export function createSignInGuard({ take, clock, log }: SignInGuardNeeds): SignInGuard {
  const blocked = new Map<string, number>()
  const block = (key: string, untilMs: number) => {
    const [oldest] = blocked.keys()
    if (blocked.size >= blockedSignIns && oldest !== undefined) blocked.delete(oldest)
    blocked.set(key, untilMs)
  }
  const count = async (user: string, network: string) => {
    const pair = pairOf(user, network)
    const [ofUser, ofNetwork, ofAll] = await Promise.all([
      take('smtp-auth-user', pair),
      take('smtp-auth-network', network),
      take('smtp-auth-installation', ''),
    ])
    if (!ofUser.allowed) {
      block(pair, clock() + ofUser.retryAfterSeconds * 1000)
      log.warn('sign-in-limited', { scope: 'user', seconds: ofUser.retryAfterSeconds })
    }
    // Guesses from everywhere: each network has one wrong password now, and whoever has the right one none.
    const wide = ofNetwork.allowed ? ofAll : ofNetwork
    if (wide.allowed) return
    block(network, clock() + wide.retryAfterSeconds * 1000)
    const scope = wide === ofNetwork ? 'network' : 'installation'
    log.warn('sign-in-limited', { scope, seconds: wide.retryAfterSeconds })
  }
  return {
    mayTry(user, address) {
      const network = networkPrefix(address)
      const isFree = (key: string) => (blocked.get(key) ?? 0) <= clock()
      return isFree(network) && isFree(pairOf(user, network))
    },
    async failed(user, address) {
      const network = networkPrefix(address)
      try {
        await count(user, network)
      } catch (error) {
        block(network, clock() + uncountedBlockMs)
        log.failure('sign-in-uncounted', error)
      }
    },
  }
}

/** Whether there is such a user makes no difference. Attack: finding out names. */
function pairOf(user: string, network: string): string {
  return `${network} ${user.slice(0, 256)}`
}
