import { toMailPart } from '../attachments.ts'
import type { BodySection } from '../body-section.ts'
import type { MailPart } from '../mail-part.ts'
import type { PartContent, ReadPart } from '../part-content.ts'
import { Warnings } from '../warning.ts'
import { readWinmail } from './read-winmail.ts'
import { hasSameWords } from './same-words.ts'
import type { WinmailFile } from './winmail.ts'

/** What came out of one winmail.dat. */
export interface Unpacked {
  readonly content: PartContent
  readonly parts: readonly ReadPart[]
  /** Both may be null. */
  readonly body: BodySection
  /** Whether its HTML says just what a text says. */
  readonly hasWordsOf: (text: string) => boolean
}

/** Null when the bytes are no winmail.dat. */
export function unpackPart(file: MailPart): Unpacked | null {
  const winmail = readWinmail(file.bytes)
  if (winmail === null) return null
  const { files, damaged, html, text } = winmail
  return {
    content: { kind: 'winmail', files: files.length, damaged },
    parts: files.map((one, i) => toPart(one, i + 1, file.name)),
    body: { html, text: text?.replaceAll(/\r\n?/g, '\n') ?? null },
    hasWordsOf: own => html !== null && hasSameWords(own, html),
  }
}

function toPart(
  { name, type, contentId, bytes }: WinmailFile,
  number: number,
  from: string,
): ReadPart {
  const node = {
    fields: new Map(),
    type: type === '' ? 'application/octet-stream' : type,
    parameters: new Map(),
    start: 0,
    end: 0,
    children: [],
  }
  const fields = {
    disposition: 'attachment',
    fileName: name === '' ? null : name,
    contentId,
    encoding: '',
  } as const
  const part = toMailPart({ node, fields, bytes }, number, new Set(), new Warnings())
  return { ...part, content: null, unpackedFrom: from }
}
