import { MAX_TYPED_ACCOUNTS } from '../limits.ts'
import { PRESETS, simulatedAccount } from './simulated-account.ts'
import type { AccountChoice, SimulatedAccount, World } from './simulated-account.ts'

/** The accounts that there are: those of the demo, and those that somebody typed in. */
export interface AccountBook {
  readonly presetsOf: (world: World) => readonly SimulatedAccount[]
  readonly find: (id: string) => SimulatedAccount | undefined
  readonly add: (choice: AccountChoice) => SimulatedAccount
}

export function createAccountBook(): AccountBook {
  const typed = new Map<string, SimulatedAccount>()
  return {
    presetsOf: world => PRESETS.filter(account => account.world === world),
    find: id => PRESETS.find(account => account.id === id) ?? typed.get(id),
    add(choice) {
      const account = simulatedAccount(choice)
      typed.delete(account.id)
      typed.set(account.id, account)
      const [oldest] = typed.keys()
      if (typed.size > MAX_TYPED_ACCOUNTS && oldest !== undefined) typed.delete(oldest)
      return account
    },
  }
}
