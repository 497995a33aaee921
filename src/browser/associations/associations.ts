import { signal } from '../ui/signal.ts'
import type { Signal } from '../ui/signal.ts'
import type { AssociationView } from '../../core/api/messages.ts'
import type { PasskeyView } from '../../core/api/passkeys.ts'
import type { Refusal } from '../viewer/portal-request.ts'
import type { AssociationsApi } from './associations-api.ts'

/** Something that signs a person in without a passcode. */
export type Entry =
  | { readonly kind: 'account'; readonly view: AssociationView }
  | { readonly kind: 'passkey'; readonly view: PasskeyView }

export type State =
  | { readonly kind: 'loading' }
  | { readonly kind: 'signed-out' }
  | { readonly kind: 'trouble'; readonly refusal: Refusal }
  | { readonly kind: 'list'; readonly entries: readonly Entry[]; readonly failed: Refusal | null }

/** What the page does; the components only draw `state` and call back. */
export interface Associations {
  readonly state: Signal<State>
  readonly load: () => Promise<void>
  /** True when it is gone. */
  readonly remove: (entry: Entry) => Promise<boolean>
}

export function createAssociations(api: AssociationsApi): Associations {
  const state = signal<State>({ kind: 'loading' })
  const show = (refusal: Refusal): void => {
    const isOut = refusal.code === 'sign-in-required'
    state.value = isOut ? { kind: 'signed-out' } : { kind: 'trouble', refusal }
  }
  return {
    state,
    async load() {
      const [accounts, passkeys] = await Promise.all([api.accounts(), api.passkeys()])
      if (!accounts.ok) return show(accounts.refusal)
      if (!passkeys.ok) return show(passkeys.refusal)
      const entries: Entry[] = [
        ...accounts.value.associations.map(view => ({ kind: 'account', view }) as const),
        ...passkeys.value.passkeys.map(view => ({ kind: 'passkey', view }) as const),
      ]
      state.value = { kind: 'list', entries, failed: null }
    },
    async remove(entry) {
      const removed = await api.remove(entry.kind, entry.view.id)
      const now = state.value
      if (now.kind !== 'list') return removed.ok
      if (!removed.ok && removed.refusal.code === 'sign-in-required') show(removed.refusal)
      else if (removed.ok)
        state.value = { ...now, entries: now.entries.filter(each => each !== entry), failed: null }
      else state.value = { ...now, failed: removed.refusal }
      return removed.ok
    },
  }
}
