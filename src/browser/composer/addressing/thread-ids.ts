import { MAX_ID_CHARACTERS, MAX_REFERENCES } from '../../../core/reply/limits.ts'
import { readHeaderFields } from '../../viewer/mail/header-fields.ts'
import type { HeaderFields } from '../../viewer/mail/header-fields.ts'
import { Warnings } from '../../viewer/mail/warning.ts'

/** How an answer hangs on what it answers. RFC 5322 §3.6.4 */
export interface ThreadIds {
  readonly inReplyTo: string | null
  /** Oldest first, the answered mail last. */
  readonly references: readonly string[]
}

/** The header of a mail is looked for in so many bytes. */
const headerBytes = 256 * 1024
const ids = /<[!-;=?-~]+>/g

/** Of the mail that is answered, by its own header alone. */
export async function threadIds(mail: Blob): Promise<ThreadIds> {
  const bytes = new Uint8Array(await mail.slice(0, headerBytes).arrayBuffer())
  return threadOf(readHeaderFields(bytes, 0, new Warnings()).fields)
}

/** The middle of an endless chain is left out: its first mail names the thread, its last ones the place in it. */
function threadOf(fields: HeaderFields): ThreadIds {
  const own = idsIn(fields, 'message-id').at(0) ?? null
  const chain = idsIn(fields, 'references')
  const before = chain.length > 0 ? chain : idsIn(fields, 'in-reply-to').slice(0, 1)
  const all = [...new Set([...before.filter(id => id !== own), ...(own === null ? [] : [own])])]
  const references =
    all.length <= MAX_REFERENCES ? all : [...all.slice(0, 1), ...all.slice(1 - MAX_REFERENCES)]
  return { inReplyTo: own, references }
}

function idsIn(fields: HeaderFields, name: string): readonly string[] {
  const [value] = fields.get(name) ?? []
  const found = new TextDecoder('windows-1252').decode(value).match(ids) ?? []
  return found.filter(id => id.length <= MAX_ID_CHARACTERS)
}
