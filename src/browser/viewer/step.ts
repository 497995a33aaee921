import type { SignInOutcome } from '../../core/api/sign-in-results.ts'
import type { PasscodeAnswer, PasscodeRequest } from '../../core/api/messages.ts'
import type { PickReason } from '../opener/pick-reason.ts'
import type { LetterProblem, LetterStage, ShownLetter } from './show-message.ts'
import type { WaitingAccount } from './step-history.ts'
import type { Refusal } from './portal-api.ts'

/** A passcode that was asked for; kept with the tab, so that a reload finds it. */
export interface AskedPasscode {
  readonly answer: PasscodeAnswer
  readonly recipient: PasscodeRequest['recipient']
  readonly askedAtMs: number
  /** The account that the passcode associates with the address. */
  readonly associate?: WaitingAccount
}

/** What went wrong for good or for now. */
export interface Trouble {
  readonly code: Refusal['code'] | LetterProblem
  readonly retryAfterSeconds?: number
}

/** Why the reader asks for the file. */
export type PickReasonOfReader = PickReason | 'message-evicted' | 'memory'

/** Why no letter is shown (any more); `stopped`: the person ended the opening. */
export type ClosedHow = 'signed-out' | 'sign-out-failed' | 'session-ended' | 'stopped'

/** The one decision that the screen asks for. */
export type Step =
  | { readonly kind: 'loading' }
  | { readonly kind: 'pick'; readonly reason: PickReasonOfReader }
  | {
      readonly kind: 'choose'
      readonly trouble: Trouble | null
      /** How a sign-in with a provider ended that did not open the message. */
      readonly outcome?: SignInOutcome | null
    }
  /** An account is signed in that does not prove the address: one passcode associates the two. */
  | { readonly kind: 'associate'; readonly account: WaitingAccount }
  | { readonly kind: 'which' }
  | { readonly kind: 'code'; readonly asked: AskedPasscode }
  | { readonly kind: 'opening'; readonly stage: LetterStage }
  | { readonly kind: 'letter'; readonly letter: ShownLetter }
  | { readonly kind: 'trouble'; readonly trouble: Trouble }
  | { readonly kind: 'closed'; readonly how: ClosedHow }
