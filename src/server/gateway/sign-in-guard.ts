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
export function createSignInGuard(needs: SignInGuardNeeds): SignInGuard {
  const { clock, log } = needs
  const blocks = createBlocks(clock)
  return {
    mayTry(user, address) {
      const network = networkPrefix(address)
      return !blocks.has(network) && !blocks.has(pairOf(user, network))
    },
    async failed(user, address) {
      const network = networkPrefix(address)
      try {
        await count(needs, blocks, user, network)
      } catch (error) {
        blocks.add(network, uncountedBlockMs)
        log.failure('sign-in-uncounted', error)
      }
    },
  }
}

/** Networks, and names from networks, that are not listened to now. */
interface Blocks {
  has(key: string): boolean
  add(key: string, forMs: number): void
}

/** The one that was blocked longest ago goes first. */
function createBlocks(clock: () => number): Blocks {
  const untilMs = new Map<string, number>()
  return {
    has: key => (untilMs.get(key) ?? 0) > clock(),
    add(key, forMs) {
      untilMs.delete(key)
      const [oldest] = untilMs.keys()
      if (untilMs.size >= blockedSignIns && oldest !== undefined) untilMs.delete(oldest)
      untilMs.set(key, clock() + forMs)
    },
  }
}

async function count(
  { take, log }: SignInGuardNeeds,
  blocks: Blocks,
  user: string,
  network: string,
): Promise<void> {
  const pair = pairOf(user, network)
  const [ofUser, ofNetwork, ofAll] = await Promise.all([
    take('smtp-auth-user', pair),
    take('smtp-auth-network', network),
    take('smtp-auth-installation', ''),
  ])
  if (!ofUser.allowed) {
    blocks.add(pair, ofUser.retryAfterSeconds * 1000)
    log.warn('sign-in-limited', { scope: 'user', seconds: ofUser.retryAfterSeconds })
  }
  // Guesses from everywhere: each network has one wrong password now, and whoever has the right one none.
  const wide = ofNetwork.allowed ? ofAll : ofNetwork
  if (wide.allowed) return
  blocks.add(network, wide.retryAfterSeconds * 1000)
  const scope = wide === ofNetwork ? 'network' : 'installation'
  log.warn('sign-in-limited', { scope, seconds: wide.retryAfterSeconds })
}

/** Whether there is such a user makes no difference. Attack: finding out names. */
function pairOf(user: string, network: string): string {
  return `${network} ${user.slice(0, 256)}`
}
