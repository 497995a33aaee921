import { decodeCharset } from '../charset.ts'
import { shownLine } from '../shown-text.ts'
import { MapiProperties, PROPERTY } from './mapi-properties.ts'
import { ATTRIBUTE, readAttributes } from './tnef-attributes.ts'
import type { WinmailFile } from './winmail.ts'

/**
 * A message within a winmail.dat has no form of its own to be saved in: it becomes a mail whose one part is its own
 * winmail.dat, which Outlook and this reader open, with the few header fields that it knows.
 */
export function embeddedMessage(
  object: Uint8Array,
  name: string,
  charset: string | null,
): WinmailFile {
  const { attributes = [] } = readAttributes(object) ?? {}
  const data = attributes.find(
    ({ id, level }) => level === 'message' && id === ATTRIBUTE.messageProperties,
  )?.data
  const properties = data === undefined ? MapiProperties.empty() : new MapiProperties(data, charset)
  const old = attributes.find(({ id }) => id === ATTRIBUTE.subject)?.data
  const subject =
    properties.firstText(PROPERTY.subject) ??
    (old === undefined ? name : decodeCharset(old, charset).text.replace(/\0.*$/s, ''))
  const header = headerOf(properties, subject)
  return {
    name: `${(subject === '' ? name : subject).replaceAll(/[/\\]/g, '_') || 'message'}.eml`,
    type: 'message/rfc822',
    contentId: null,
    bytes: new TextEncoder().encode(`${header}\r\n${base64Lines(object)}`),
  }
}

function headerOf(properties: MapiProperties, subject: string): string {
  const { representedName, representedMail, senderName, senderMail, senderAddress } = PROPERTY
  const from = properties.firstText(representedName, senderName) ?? ''
  const address = properties.firstText(representedMail, senderMail, senderAddress) ?? ''
  const sentMs = properties.timeMs(PROPERTY.sentAt)
  const to = properties.firstText(PROPERTY.shownTo) ?? ''
  const fields = [
    from === '' && address === '' ? '' : `From: ${mailbox(from, address)}`,
    to === '' ? '' : `To: ${mailbox(to, '')}`,
    `Subject: ${encodedWords(subject)}`,
    sentMs === null ? '' : `Date: ${new Date(sentMs).toUTCString().replace('GMT', '+0000')}`,
    'MIME-Version: 1.0',
    'Content-Type: application/ms-tnef; name="winmail.dat"',
    'Content-Transfer-Encoding: base64',
    '',
  ]
  return fields.filter((field, i) => field !== '' || i === fields.length - 1).join('\r\n')
}

/** An address that is none, such as a name within Exchange, is left out. */
function mailbox(name: string, address: string): string {
  const spec = /^[\w.+-]{1,64}@[\w.-]{1,255}$/.test(address) ? ` <${address}>` : ''
  return `${encodedWords(name)}${spec}`
}

/** RFC 2047 §2: nothing of the text can end the field. */
function encodedWords(text: string): string {
  const characters = Array.from(shownLine(text).slice(0, 500))
  const words: string[] = []
  for (let at = 0; at < characters.length; at += 10) {
    words.push(
      `=?utf-8?B?${base64(new TextEncoder().encode(characters.slice(at, at + 10).join('')))}?=`,
    )
  }
  return words.join('\r\n ')
}

const LINE_BYTES = 57

function base64Lines(bytes: Uint8Array): string {
  const lines: string[] = []
  for (let at = 0; at < bytes.length; at += LINE_BYTES)
    lines.push(base64(bytes.subarray(at, at + LINE_BYTES)))
  return lines.join('\r\n')
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
}
