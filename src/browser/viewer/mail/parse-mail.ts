import { cryptoOf } from './crypto-kind.ts'
import type { RareReaders } from './mail-content.ts'
import { parseMailWith } from './parse-mail-with.ts'
import type { ParsedMail } from './parse-mail-with.ts'
import { signedContent } from './signed-content.ts'
import { decodeUuencoded, findUuencoded } from './uuencode.ts'

export type {
  BodySection,
  CryptoKind,
  MailBody,
  MailPart,
  ParsedMail,
  ShownMailbox,
  WarningCode,
} from './parse-mail-with.ts'

const RARE: RareReaders = { cryptoOf, signedContent, decodeUuencoded, findUuencoded }

/** What `parseMailWith` does, with every reader there is. */
export function parseMail(bytes: Uint8Array): ParsedMail {
  const mail = parseMailWith(bytes, RARE)
  if (mail === null) throw new TypeError('every reader is there')
  return mail
}
