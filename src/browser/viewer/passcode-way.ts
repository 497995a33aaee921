import type { PasscodeRequest } from '../../core/api/messages.ts'
import { rememberWay } from './last-way.ts'
import { onlyRecipient } from './next-step.ts'
import { openKept } from './open-kept.ts'
import { rememberPasscode } from './passcode-memory.ts'
import type { Refusal } from './portal-api.ts'
import type { Reading } from './reading.ts'
import { endAssociation, historyAccount, pushStep } from './step-history.ts'
import type { AskedPasscode } from './step.ts'

/** The person wants a passcode: at once when there is one address, else after saying which. */
export async function wantPasscode(reading: Reading): Promise<Refusal | null> {
  const only = onlyRecipient(reading.description.value)
  if (only !== null) return askPasscode(reading, only)
  chooseAddress(reading)
  return null
}

export function chooseAddress({ step }: Reading): void {
  pushStep('which')
  step.value = { kind: 'which' }
}

export async function askPasscode(
  { needs, message, step }: Reading,
  recipient: PasscodeRequest['recipient'],
): Promise<Refusal | null> {
  if (message === null) return { code: 'bad-request' }
  const { stanza } = message
  const answer = await needs.portal.askPasscode({ stanza, recipient, locale: needs.locale() })
  if (!answer.ok) return answer.refusal
  const account = historyAccount()
  const asked: AskedPasscode = {
    answer: answer.value,
    recipient,
    askedAtMs: needs.clock(),
    ...(account === undefined ? {} : { associate: account }),
  }
  rememberPasscode(asked)
  pushStep('code')
  step.value = { kind: 'code', asked }
  return null
}

export async function enterPasscode(reading: Reading, code: string): Promise<Refusal | null> {
  const { needs, message, step } = reading
  if (step.value.kind !== 'code' || message === null) return { code: 'bad-request' }
  const { answer: asked, associate } = step.value.asked
  const answer = await needs.portal.verifyPasscode({
    challenge: asked.challenge,
    code,
    privateComputer: reading.privateComputer.value,
    ...(associate === undefined ? {} : { associate: associate.id }),
  })
  if (!answer.ok) return refuse(reading, answer.refusal)
  rememberWay(associate?.provider ?? 'passcode')
  reading.session.value = answer.value
  await openKept(reading, message)
  return null
}

/** Another account than the one that was shown: nothing is associated unseen. */
function refuse({ step }: Reading, refusal: Refusal): Refusal | null {
  if (refusal.code !== 'account-changed') return refusal
  endAssociation()
  step.value = { kind: 'choose', trouble: refusal }
  return null
}
