import { decodeCharset } from '../charset.ts'
import { MAX_UNPACKED_FILES } from '../limits.ts'
import { ByteReader } from './byte-reader.ts'
import { charsetOfCodePage } from './code-page.ts'
import { decompressRtf } from './decompress-rtf.ts'
import { embeddedMessage } from './embedded-message.ts'
import { MapiProperties, PROPERTY } from './mapi-properties.ts'
import { meetingFile } from './meeting-file.ts'
import { readRtf } from './read-rtf.ts'
import type { TnefAttribute } from './tnef-attributes.ts'
import { ATTRIBUTE, isTnef, readAttributes } from './tnef-attributes.ts'
import type { Winmail, WinmailFile } from './winmail.ts'

/** Unpacks a winmail.dat (MS-OXTNEF). Files are views of it. Null when it is none. Never throws; linear in its bytes. */
export function readWinmail(bytes: Uint8Array): Winmail | null {
  const stream = readAttributes(bytes)
  if (stream === null) return null
  const { attributes } = stream
  const ofMessage = attributes.filter(({ level }) => level === 'message')
  const charset = charsetOf(ofMessage)
  const properties = propertiesOf(ofMessage, ATTRIBUTE.messageProperties, charset)
  const groups = filesOf(attributes)
  const files = groups.slice(0, MAX_UNPACKED_FILES).map(group => readFile(group, charset))
  const text = (id: number) => textOf(ofMessage, id, charset)
  const message = {
    properties,
    messageClass: text(ATTRIBUTE.messageClass),
    subject: text(ATTRIBUTE.subject),
  }
  const meeting = meetingFile(message)
  return {
    ...bodyOf(properties, text(ATTRIBUTE.body)),
    files: meeting === null ? files : [meeting, ...files],
    damaged: stream.damaged || properties.damaged || groups.length > MAX_UNPACKED_FILES,
  }
}

/** MS-OXTNEF §2.1.3.3.2 */
function charsetOf(attributes: readonly TnefAttribute[]): string | null {
  const data = attributes.find(({ id }) => id === ATTRIBUTE.codePage)?.data
  return data === undefined ? null : charsetOfCodePage(new ByteReader(data).u32())
}

function propertiesOf(
  attributes: readonly TnefAttribute[],
  attribute: number,
  charset: string | null,
): MapiProperties {
  const data = attributes.find(({ id }) => id === attribute)?.data
  return data === undefined ? MapiProperties.empty() : new MapiProperties(data, charset)
}

/** Empty when there is none. */
function textOf(
  attributes: readonly TnefAttribute[],
  attribute: number,
  charset: string | null,
): string {
  const data = attributes.find(({ id }) => id === attribute)?.data
  return data === undefined ? '' : decodeCharset(data, charset).text.replace(/\0.*$/s, '')
}

function bodyOf(properties: MapiProperties, old: string): Pick<Winmail, 'html' | 'text'> {
  const codePage = properties.number(PROPERTY.internetCodePage)
  const html = properties.text(PROPERTY.html, charsetOfCodePage(codePage))
  const compressed = properties.bytes(PROPERTY.compressedRtf)
  const rtf = html !== null || compressed === null ? null : decompressRtf(compressed)
  const rich = rtf === null ? null : readRtf(rtf)
  const plain = properties.firstText(PROPERTY.body) ?? (old === '' ? null : old)
  return {
    html: html ?? (rich?.kind === 'html' ? rich.html : null),
    text: plain ?? (rich?.kind === 'text' ? rich.text : null),
  }
}

/** MS-OXTNEF §2.1.3.3.15: each one begins with its render data. */
function filesOf(attributes: readonly TnefAttribute[]): readonly (readonly TnefAttribute[])[] {
  const files: TnefAttribute[][] = []
  for (const attribute of attributes) {
    if (attribute.level !== 'attachment') continue
    if (attribute.id === ATTRIBUTE.attachRenderData || files.length === 0) files.push([])
    files.at(-1)?.push(attribute)
  }
  return files
}

function readFile(attributes: readonly TnefAttribute[], charset: string | null): WinmailFile {
  const properties = propertiesOf(attributes, ATTRIBUTE.attachment, charset)
  const title = textOf(attributes, ATTRIBUTE.attachTitle, charset)
  const object = properties.object(PROPERTY.attachData)
  const written = attributes.find(({ id }) => id === ATTRIBUTE.attachData)?.data
  const bytes = written ?? properties.bytes(PROPERTY.attachData) ?? object ?? new Uint8Array()
  const name = nameOf(properties, title)
  if (object !== null && isTnef(object)) return embeddedMessage(object, name, charset)
  const contentId = properties.firstText(PROPERTY.attachContentId)
  return {
    name,
    type: (properties.firstText(PROPERTY.attachType) ?? '').trim().toLowerCase(),
    contentId: contentId === null ? null : contentId.replace(/^<|>$/g, ''),
    bytes,
  }
}

/** MS-OXCMSG §2.2.2.10 before the short name, which is cut to eight letters. */
function nameOf(properties: MapiProperties, title: string): string {
  const { attachLongFileName, attachFileName, displayName } = PROPERTY
  const long = properties.firstText(attachLongFileName)
  return long ?? (title === '' ? (properties.firstText(attachFileName, displayName) ?? '') : title)
}
