import { createHash } from 'node:crypto'
import { toBase64Url } from '../../core/envelope/base64.ts'
import { utf8 } from '../../core/envelope/bytes.ts'
import type { Address } from '../../core/address/address.ts'
import { fieldsNamed } from './header-fields.ts'
import type { HeaderField } from './header-fields.ts'

/** HMAC-SHA-256 under the gateway's key: 32 bytes. */
export type Mac = (data: Uint8Array) => Uint8Array

const ID_BYTES = 16
/** A Message-ID longer than a line is cut in the wrapper; its mark covers what is written. */
const MESSAGE_ID = /<[^<>\s]{1,900}>/g

function macId(mac: Mac, parts: readonly string[]): string {
  return toBase64Url(mac(utf8(parts.join('\0'))).subarray(0, ID_BYTES))
}

/**
 * The message's id: the same on every retry, so that a retry cannot escape a revocation. envelope.md §2
 * @returns 22 base64url characters
 */
export function deriveMessageId(mac: Mac, sender: Address, fields: readonly HeaderField[]): string {
  return macId(mac, ['zegel.v1 message', sender, messageIdOf(fields) ?? fallbackId(fields)])
}

/** The same for every mail of a thread that was answered by mail. envelope.md §2 */
export function deriveConversationId(
  mac: Mac,
  organisationId: string,
  fields: readonly HeaderField[],
): string {
  const root =
    firstId(fields, 'References') ??
    firstId(fields, 'In-Reply-To') ??
    messageIdOf(fields) ??
    fallbackId(fields)
  return macId(mac, ['zegel.v1 conversation', organisationId, root])
}

/** `<left@right>`; null when the mail has none. */
export function messageIdOf(fields: readonly HeaderField[]): string | null {
  return firstId(fields, 'Message-ID')
}

function firstId(fields: readonly HeaderField[], name: string): string | null {
  return fieldsNamed(fields, name)[0]?.value.match(MESSAGE_ID)?.[0] ?? null
}

/** What stays the same when a client sends a mail without Message-ID again. */
function fallbackId(fields: readonly HeaderField[]): string {
  const hash = createHash('sha256')
  for (const name of ['From', 'To', 'Cc', 'Subject', 'Date', 'Content-Type'])
    for (const field of fieldsNamed(fields, name)) hash.update(field.raw)
  return hash.digest('hex')
}
