import { parseAddress } from '../../../core/address/address.ts'
import type { Address } from '../../../core/address/address.ts'
import {
  check,
  flag,
  list,
  nullable,
  object,
  oneOf,
  optional,
  parseShape,
  text,
} from '../../../core/api/shape.ts'
import type { Shape } from '../../../core/api/shape.ts'
import { utf8 } from '../../../core/envelope/bytes.ts'
import {
  MAX_REPLY_PARTS,
  MAX_REPLY_RECIPIENTS,
  MAX_SUBJECT_CHARACTERS,
} from '../../../core/reply/limits.ts'
import type { Correspondent, Draft, DraftFile } from '../draft.ts'

/** What is kept of a draft besides the bytes of its files. */
export interface KeptDraft {
  readonly version: 1
  /** The message that it answers. */
  readonly messageId: string
  /** Who writes it: it is shown to nobody else. */
  readonly writer: string
  /** It was sent once as it is. */
  readonly wasTried: boolean
  /** It, or what it was before a change, and nobody knows for sure that that did not arrive. */
  readonly mayHaveArrived?: boolean
  readonly draft: Omit<Draft, 'files'> & { readonly files: readonly KeptFile[] }
}

export type KeptFile = Omit<DraftFile, 'bytes'>

const words = text({ max: 4096 })
const correspondent = object<Correspondent>({
  address: check<Address>(value => typeof value === 'string' && parseAddress(value) === value),
  name: words,
})
const people = list(correspondent, MAX_REPLY_RECIPIENTS)

const keptDraft: Shape<KeptDraft> = object<KeptDraft>({
  version: check<1>(value => value === 1),
  messageId: words,
  writer: words,
  wasTried: flag,
  mayHaveArrived: optional(flag),
  draft: object<KeptDraft['draft']>({
    kind: oneOf('reply', 'reply-all', 'forward'),
    submissionId: text({ max: 22, pattern: /^[A-Za-z0-9_-]{22}$/ }),
    to: people,
    cc: people,
    copyToWriter: flag,
    writerName: words,
    subject: text({ max: MAX_SUBJECT_CHARACTERS }),
    format: oneOf('html', 'text'),
    written: check<string>(value => typeof value === 'string'),
    quoted: flag,
    files: list(
      object<KeptFile>({
        id: words,
        name: words,
        type: words,
        contentId: nullable(words),
        isOriginal: flag,
      }),
      MAX_REPLY_PARTS,
    ),
  }),
})

export function writeKept(kept: KeptDraft): Uint8Array<ArrayBuffer> {
  return utf8(JSON.stringify(kept))
}

/** @returns null for what another version of this page has written */
export function readKept(bytes: Uint8Array): KeptDraft | null {
  const parsed = parseShape(keptDraft, JSON.parse(new TextDecoder().decode(bytes)))
  return parsed.ok ? parsed.value : null
}
