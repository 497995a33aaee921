import { cleanSenderName } from '../../core/address/clean-name.ts'
import { accentOf } from '../../core/envelope/accent.ts'
import type { MessagePage, NoticeWords } from '../../core/envelope/message-page.ts'
import type { Assurance, Policy } from '../../core/policy/policy.ts'
import { defaultLocale, directionOf, matchLocale, translator } from '../text/text.ts'

/** What an organisation says of itself in wrapper mail and message.html. envelope.md §4, §5 */
export interface Notice {
  readonly organisationName: string
  /** `#rrggbb` */
  readonly accent: string
  /** `data:image/…;base64,…` of at most 16 KiB, or empty. */
  readonly logo: string
  /** Canonical address of the portal: `https://mail.example.org`. */
  readonly portalUrl: string
  /** BCP 47 tag; English is added when it is another language. */
  readonly locale: string
  /** Subject of the wrapper mail; `{sender}` stands for the sender. Empty: the language's own. */
  readonly subject: string
  /** Posted forms larger than this become a link. Default 8 MiB. */
  readonly maxPostedBytes?: number
}

/** A notice in one language, as plain text. */
export interface MailWords extends NoticeWords {
  readonly subject: string
  readonly steps: readonly string[]
  readonly mailFallback: string
  readonly genuine: string
}

/**
 * The sender as the notice names them: the cleaned name, else the address. Of somebody outside who wrote in the portal
 * the address alone: it was verified, and the name could be that of somebody inside.
 */
export function senderOf(policy: Policy): string {
  if (policy.writer !== undefined) return policy.writer.address
  return cleanSenderName(policy.senderName, policy.sender) || policy.sender
}

/**
 * The notice's language first, English last.
 * @param isOutside of a message that somebody outside wrote: it says so before it says who sealed it
 */
export function noticeWords(
  notice: Notice,
  sender: string,
  assurance: Assurance,
  isOutside = false,
): readonly MailWords[] {
  const locales = new Set([matchLocale([notice.locale]), defaultLocale])
  return [...locales].map(locale => wordsIn(locale, notice, sender, assurance, isOutside))
}

export function messagePage(notice: Notice, words: readonly NoticeWords[]): MessagePage {
  return {
    organisationName: notice.organisationName,
    accent: accentOf(notice.accent),
    logo: notice.logo,
    portalUrl: originOf(notice),
    words,
  }
}

/** The subject line's text, before it is encoded. */
export function noticeSubject(notice: Notice, words: readonly MailWords[], sender: string): string {
  if (notice.subject !== '') return notice.subject.replaceAll('{sender}', () => sender)
  return words[0]?.subject ?? ''
}

/** Between two sentences: a full stop of full width brings its own. */
function blankOf(locale: string): string {
  return /^(?:zh|ja)\b/.test(locale) ? '' : ' '
}

function originOf(notice: Notice): string {
  return new URL(notice.portalUrl).origin
}

function wordsIn(
  locale: string,
  notice: Notice,
  sender: string,
  assurance: Assurance,
  isOutside: boolean,
): MailWords {
  const say = translator(locale)
  const organisation = notice.organisationName
  const needs = say(assurance === 'mailbox' ? 'notice.noAccount' : 'notice.noApp')
  const outside = isOutside ? [say('replyMail.outside', { organisation })] : []
  const host = new URL(notice.portalUrl).host
  const sealed = say('notice.explanation', { organisation, host })
  const address = `${originOf(notice)}/open`
  return {
    lang: locale,
    dir: directionOf(locale),
    subject: say('notice.subject', { sender }),
    heading: say('notice.heading', { sender }),
    explanation: [...outside, sealed, needs].join(blankOf(locale)),
    button: say('notice.button'),
    fallback: say('notice.fallback', { address: `${host}/open` }),
    mailFallback: say('notice.mailFallback', { address }),
    large: say('notice.large'),
    warning: say('notice.warning'),
    privacy: say('notice.privacy'),
    steps: [
      say('notice.openAttachment'),
      say('notice.pressButton', { button: say('notice.button'), host }),
      say('notice.proveAddress'),
    ],
    genuine: say('notice.genuine', { host }),
  }
}
