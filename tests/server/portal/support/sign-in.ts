import type { PasscodeAnswer } from '../../../../src/core/api/messages.ts'
import { codeIn } from './passcode-sink.ts'
import type { TestPortal } from './test-portal.ts'
import type { Visitor } from './visitor.ts'

type Recipient = { readonly index: number } | { readonly address: string }

export async function askPasscode(
  who: Visitor,
  stanza: string,
  recipient: Recipient = { index: 0 },
): Promise<PasscodeAnswer> {
  const response = await who.ask('/api/passcodes', { json: { stanza, recipient, locale: 'en' } })
  if (response.status !== 201) throw new Error(`${response.status} ${await response.text()}`)
  return (await response.json()) as PasscodeAnswer
}

export function verify(
  who: Visitor,
  challenge: string,
  code: string,
  privateComputer = false,
): Promise<Response> {
  return who.ask('/api/passcodes/verify', { json: { challenge, code, privateComputer } })
}

/** The whole way: asks, reads the mail, types the code. */
export async function signIn(
  { sink }: Pick<TestPortal, 'sink'>,
  who: Visitor,
  stanza: string,
  address: string,
  recipient: Recipient = { index: 0 },
): Promise<void> {
  const { challenge } = await askPasscode(who, stanza, recipient)
  const response = await verify(who, challenge, codeIn(await sink.next(address)))
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`)
}
