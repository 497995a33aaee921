import type { Environment } from '../config/environment.ts'
import type { Config } from '../config/schema.ts'
import type { Store } from '../store/store.ts'
import type { Counters } from '../telemetry/counters.ts'
import type { Log } from '../telemetry/log.ts'
import type { Role } from './role-option.ts'

export interface InstallationNeeds {
  readonly config: Config
  readonly role: Role
  readonly environment: Environment
  readonly log: Log
  readonly clock: () => number
  /** Multiplies the portal's limits for one network or address; for the demo, where one person plays all parts. */
  readonly limitScale?: number
  /** Sender, mailbox and sign-in run in the same program: the portal says so. */
  readonly demo?: boolean
}

export interface ListeningAt {
  readonly host: string
  readonly port: number
}

/** What housekeeping says of itself. */
export interface Upkeep {
  /** It deletes and destroys nothing, because it does not believe the clock. */
  paused: boolean
}

/** What each half is given. */
export interface PartNeeds extends InstallationNeeds {
  readonly store: Store
  readonly counters: Counters
  readonly upkeep: Upkeep
}

export interface PortalPartNeeds extends PartNeeds {
  /** Where the gateway of this process takes replies, once it runs. */
  readonly repliesOfGateway: () => { readonly url: string } | undefined
}
