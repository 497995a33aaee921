import { passcodeAnswer } from '../../core/api/answers.ts'
import { parseShape } from '../../core/api/shape.ts'
import type { AskedPasscode } from './step.ts'

const key = 'zegel.passcode'

/** Keeps the asked passcode with the tab; the mail is often read in another app, and the tab dropped. */
export function rememberPasscode(asked: AskedPasscode): void {
  try {
    sessionStorage.setItem(key, JSON.stringify(asked))
  } catch {
    // Storage is blocked: a reload then asks for a new passcode.
  }
}

export function forgetPasscode(): void {
  try {
    sessionStorage.removeItem(key)
  } catch {
    // Storage is blocked: there is nothing to forget.
  }
}

/** The passcode this tab asked for, while it is valid; else null. */
export function recallPasscode(nowMs: number): AskedPasscode | null {
  const asked = readStored()
  if (asked === null) return null
  const answer = parseShape(passcodeAnswer, asked.answer)
  return answer.ok && answer.value.expiresAtMs > nowMs ? { ...asked, answer: answer.value } : null
}

function readStored(): AskedPasscode | null {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? 'null') as AskedPasscode | null
  } catch {
    return null
  }
}
