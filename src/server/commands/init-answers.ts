import { canonicalDomain } from '../../core/address/address.ts'
import { escrowKind } from '../config/check-escrow.ts'
import { isDomain, isHostPort, isPortalUrl } from '../config/fields.ts'
import { withQuestions } from './ask.ts'
import type { Ask } from './ask.ts'
import { CommandError } from './command-error.ts'
import { readInputFile, reasonOf } from './input-file.ts'
import type { Terminal } from './terminal.ts'

/** What a new installation needs to be told. */
export interface Answers {
  readonly organisationName: string
  readonly domains: readonly string[]
  /** Empty: `replies.` and the first domain. */
  readonly replyDomain: string
  readonly portalUrl: string
  readonly nextHop: { readonly host: string; readonly port: number }
  /** Empty: expressly none. */
  readonly escrowRecipients: readonly string[]
  readonly allowClassicalEscrow: boolean
  readonly smtpListen: string
  readonly portalListen: string
}

/** What the options of `zegel init` say; undefined or empty: ask. */
export interface InitValues {
  readonly organisation: string | undefined
  readonly domain: readonly string[]
  readonly 'reply-domain': string | undefined
  readonly 'portal-url': string | undefined
  readonly 'next-hop': string | undefined
  readonly escrow: readonly string[]
  readonly 'no-escrow': boolean
  readonly 'allow-classical-escrow': boolean
  readonly 'smtp-listen': string | undefined
  readonly 'portal-listen': string | undefined
}

/** Takes the options, asks for the rest. @throws CommandError for an option that is not right */
export function gatherAnswers(values: InitValues, terminal: Terminal): Promise<Answers> {
  return withQuestions(terminal, async ask => {
    const unasked = await gatherUnasked(values)
    const escrowGiven = values.escrow.length > 0 || values['no-escrow']
    const escrow = escrowGiven ? await givenEscrow(values) : undefined
    const get = (option: string, given: string | undefined, question: Wanted): Promise<string> =>
      given === undefined ? ask(question) : checked(option, given, question)
    const organisationName = await get('--organisation', values.organisation, {
      text: 'Name of the organisation, as readers see it',
      check: name => (name.length > 200 ? 'at most 200 characters' : undefined),
    })
    const domainsGiven = values.domain.length > 0 ? values.domain.join(',') : undefined
    const domains = listOf(await get('--domain', domainsGiven, domainsQuestion)).map(canonical)
    const portalUrl = await get('--portal-url', values['portal-url'], {
      text: 'Public address of the portal',
      suggestion: `https://mail.${domains[0] ?? ''}`,
      check: url => (isPortalUrl(originOf(url)) ? undefined : 'write https://HOST with no path'),
    })
    const nextHop = await get('--next-hop', values['next-hop'], {
      text: 'Mail server that sealed mail goes to, HOST:PORT',
      suggestion: '127.0.0.1:10026',
      check: hostPortProblem,
    })
    return {
      ...unasked,
      organisationName,
      domains,
      portalUrl: originOf(portalUrl),
      nextHop: splitHostPort(nextHop),
      ...(escrow ?? (await askedEscrow(ask, values))),
    }
  })
}

type Unasked = Pick<Answers, 'replyDomain' | 'smtpListen' | 'portalListen'>

/** First of all, so that nobody answers questions in vain. @throws CommandError */
async function gatherUnasked(values: InitValues): Promise<Unasked> {
  const { 'smtp-listen': smtp = '127.0.0.1:2525', 'portal-listen': portal = '127.0.0.1:8080' } =
    values
  return {
    replyDomain: await replyDomainIn(values),
    smtpListen: await checked('--smtp-listen', smtp, listen),
    portalListen: await checked('--portal-listen', portal, listen),
  }
}

/** Not asked for: what it is by itself is right for almost everyone. */
async function replyDomainIn({ 'reply-domain': given }: InitValues): Promise<string> {
  if (given === undefined) return ''
  const check = (text: string): string | undefined =>
    isDomain(canonical(text)) ? undefined : 'is no domain'
  return canonical(await checked('--reply-domain', given, { text: '', check }))
}

type Wanted = Parameters<Ask>[0]

const canonical = (domain: string): string => canonicalDomain(domain) ?? domain

/** As the configuration wants it, from what an address bar shows: `https://Mail.example.com/`. */
function originOf(text: string): string {
  if (!URL.canParse(text)) return text
  const { href, origin } = new URL(text)
  return href === `${origin}/` ? origin : text
}

const hostPortProblem = (text: string): string | undefined =>
  isHostPort(text) ? undefined : 'write HOST:PORT, such as 127.0.0.1:25'

const listen: Wanted = { text: '', check: hostPortProblem }

const domainsQuestion: Wanted = {
  text: 'Domains of the organisation, with commas between them',
  check(text) {
    const wrong = listOf(text).find(domain => !isDomain(canonical(domain)))
    return wrong === undefined ? undefined : `${wrong} is no domain`
  },
}

const listOf = (text: string): readonly string[] =>
  text
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '')

/** @throws CommandError */
async function checked(option: string, given: string, question: Wanted): Promise<string> {
  const wrong = given === '' ? 'an answer is needed' : await question.check(given)
  if (wrong !== undefined) throw new CommandError(`${option} ${given}: ${wrong}`)
  return given
}

function splitHostPort(text: string): Answers['nextHop'] {
  const colon = text.lastIndexOf(':')
  return {
    host: text.slice(0, colon).replace(/^\[(.*)\]$/, '$1'),
    port: Number(text.slice(colon + 1)),
  }
}

type Escrow = Pick<Answers, 'escrowRecipients' | 'allowClassicalEscrow'>

const escrowText =
  'An escrow key opens every message, also when all other keys are lost. Make one on a machine that\n' +
  'stays offline: age-keygen -pq -o escrow.txt (age 1.3 or newer). Keep escrow.txt there.\n' +
  'Escrow recipient (age1pq1…, or a file that holds it), or no'

const noEscrow: Escrow = { escrowRecipients: [], allowClassicalEscrow: false }

/** @throws CommandError */
async function givenEscrow(values: InitValues): Promise<Escrow> {
  if (values['no-escrow'] || values.escrow.every(isNo)) return noEscrow
  const recipients = (await Promise.all(values.escrow.map(readRecipients))).flat()
  const wrong = recipientsProblem(recipients, values)
  if (wrong !== undefined) throw new CommandError(`--escrow ${wrong}`)
  const allowClassicalEscrow = recipients.some(one => escrowKind(one) === 'classical')
  return { escrowRecipients: recipients, allowClassicalEscrow }
}

const askedEscrow = async (ask: Ask, values: InitValues): Promise<Escrow> =>
  givenEscrow({ ...values, escrow: [await askEscrow(ask, values)] })

const isNo = (text: string): boolean => text.toLowerCase() === 'no'

const askEscrow = (ask: Ask, values: InitValues): Promise<string> =>
  ask({
    text: escrowText,
    check: async text =>
      isNo(text)
        ? undefined
        : readRecipients(text).then(
            recipients => recipientsProblem(recipients, values),
            (error: unknown) => `${reasonOf(error)}; write age1pq1…, a file that holds it, or no`,
          ),
  })

/** What is wrong with them, in a sentence that begins with the one that is; undefined when nothing is. */
function recipientsProblem(recipients: readonly string[], values: InitValues): string | undefined {
  if (recipients.length === 0) return 'the file holds no age recipient'
  for (const recipient of recipients) {
    const wrong = escrowProblem(recipient, values)
    if (wrong !== undefined) return `${shortened(recipient)}: ${wrong}`
  }
  return undefined
}

function escrowProblem(recipient: string, values: InitValues): string | undefined {
  const kind = escrowKind(recipient)
  if (recipient.startsWith('AGE-SECRET-KEY-'))
    return 'is the secret half, which stays offline; write its public half (age-keygen -y)'
  if (kind === undefined) return 'is no age recipient; write age1pq1…, a file that holds it, or no'
  if (kind === 'post-quantum' || values['allow-classical-escrow']) return undefined
  return 'is a classical key; write age1pq1…, or allow it with --allow-classical-escrow'
}

/** A recipient, or those that a file holds: a line each, comments begin with #. */
async function readRecipients(text: string): Promise<readonly string[]> {
  if (text.startsWith('age1')) return [text]
  const lines = (await readInputFile(text)).toString('utf8').split(/\r?\n/)
  return lines.map(line => line.trim()).filter(line => line !== '' && !line.startsWith('#'))
}

/** Nothing of a secret that stands where its public half belongs. */
const shortened = (text: string): string => (text.length > 15 ? `${text.slice(0, 15)}…` : text)
