import { hostname } from 'node:os'
import type { Config } from '../config/schema.ts'
import type { KeyPair } from '../config/read-key-pair.ts'
import { watchKeyPair } from '../config/watch-key-pair.ts'
import { createRateLimiter } from '../identity/rate-limiter.ts'
import type { TakeAllowance } from '../identity/rate-limiter.ts'
import type { DeliveredHalfStore, JournalStore, RateStore } from '../store/store.ts'
import type { Log } from '../telemetry/log.ts'
import { countOutcome } from './count-outcome.ts'
import type { OutcomeCounters } from './count-outcome.ts'
import { readRules } from './decide.ts'
import type { Rules } from './decide.ts'
import { offerFrom } from './gateway-offer.ts'
import { readGatewayFiles } from './gateway-files.ts'
import type { ReadSecret, UserPasswords } from './gateway-files.ts'
import { GatewayTransaction } from './gateway-transaction.ts'
import type { MaterialFor } from './gateway-transaction.ts'
import type { MailOutcome } from './mail-outcome.ts'
import { gatewayLimits } from './limits.ts'
import type { GatewayLimits } from './limits.ts'
import { parseListenAddress } from './listen-address.ts'
import { logOutcome } from './log-outcome.ts'
import { readMembership } from './membership.ts'
import type { Membership } from './membership.ts'
import type { Mac } from './message-ids.ts'
import { NextHop } from './next-hop/next-hop.ts'
import { preparingThreads } from './preparing-threads.ts'
import type { PreparingThreads, ThreadKeys } from './preparing-threads.ts'
import { createReplyListener } from './replies/create-reply-listener.ts'
import type { ReplyNeeds } from './replies/create-reply-listener.ts'
import { replyLimits } from './replies/limits.ts'
import type { ReplyLimits } from './replies/limits.ts'
import { countReply, logReply } from './replies/log-reply.ts'
import { replyAddresses, replyUrl } from './replies/reply-addresses.ts'
import { ReportTransaction } from './replies/report-transaction.ts'
import { prepareMail, sealWholeMail } from './seal-mail.ts'
import { createSignInGuard } from './sign-in-guard.ts'
import type { SignInGuard } from './sign-in-guard.ts'
import { replies } from './smtp/reply.ts'
import type { Reply } from './smtp/reply.ts'
import { renewableTls } from './smtp/server-tls.ts'
import type { ServerTls } from './smtp/server-tls.ts'
import { SmtpListener } from './smtp/smtp-listener.ts'
import type { MailCommand } from './smtp/command.ts'
import type { Client, MailTaker, MailTransaction, Offer, SignIn } from './smtp/transaction.ts'
import { checkPassword } from './user-password.ts'

export type GatewayConfig = Pick<
  Config,
  'organisations' | 'gateway' | 'policy' | 'portal' | 'journal'
>

export interface GatewayNeeds {
  readonly config: GatewayConfig
  /** What seals for an organisation; throws when there is no valid sealing key. */
  readonly materialFor: MaterialFor
  /** HMAC-SHA-256 under the gateway's key. */
  readonly mac: Mac
  /** With these, threads take a part of sealing; left out: all of it is done in this one. */
  readonly threadKeys?: ThreadKeys
  readonly store: {
    readonly journal: Pick<JournalStore, 'record'>
    readonly deliveries: DeliveredHalfStore
    readonly rates: RateStore
  }
  /** Reads `file:`, `env:` and `credential:` references. */
  readonly readSecret: ReadSecret
  readonly clock: () => number
  readonly log: Log
  /** Left out: nothing is counted. */
  readonly counters?: OutcomeCounters
  /** Left out: no answers are taken. docs/replies.md */
  readonly replies?: ReplyNeeds
  /** Tests hand in smaller ones. */
  readonly limits?: Partial<GatewayLimits>
  readonly replyLimits?: Partial<ReplyLimits>
}

export interface Gateway {
  /** Starts to take mail; the addresses in the order of `listen`, then `listenTls`. */
  listen(): Promise<readonly { host: string; port: number }[]>
  /** Where delivery reports from outside are taken; none before `listen`. */
  reportsAt(): readonly { host: string; port: number }[]
  /** Where the portal hands over answers, `http://127.0.0.1:8081`; undefined when none are taken, or before `listen`. */
  repliesAt(): string | undefined
  /** Lets running mails finish for a few seconds, then breaks them off before their final dot. */
  close(): Promise<void>
}

/**
 * Mail in, sealed, on to the next hop. Keeps no mail: it answers with what the next hop said.
 * Reads secrets once; a certificate for clients that is renewed in its files is used from then on.
 * @throws {RangeError} for a configuration that cannot be understood, and what reading files throws
 */
export async function createGateway(needs: GatewayNeeds): Promise<Gateway> {
  const { config } = needs
  const { gateway } = config
  const limits = { ...gatewayLimits, ...needs.limits }
  const files = await readGatewayFiles(config, needs.readSecret)
  const membership = readMembership(gateway)
  const rules = readRules(config, membership, needs.mac)
  const nextHop = new NextHop(files.nextHop, limits)
  const threads = threadsOf(needs)
  const tls = files.tls && renewableTls(files.tls, limits.handshakeMs)
  const shared = { needs, limits, nextHop, threads, rules, noticeOf: files.noticeOf }
  const replies = openReplies(shared, files.tls)
  const taker = mailTaker({ ...shared, membership, passwords: files.passwords })
  const listening = {
    hostname: gateway.hostname === '' ? hostname() : gateway.hostname,
    taker,
    limits,
    maxConnections: gateway.maxConnections,
    startTls: tls?.start,
    offersAuth: gateway.users.length > 0,
    onFault: (fault: unknown) => needs.log.failure('gateway-fault', fault),
  }
  const listener = new SmtpListener({
    ...listening,
    addresses: [
      ...gateway.listen.map(text => parseListenAddress(text, false)),
      ...gateway.listenTls.map(text => parseListenAddress(text, true)),
    ],
  })
  const reports = new SmtpListener({
    ...listening,
    addresses: gateway.listenReports.map(text => parseListenAddress(text, false)),
    taker: { ...taker, begin: mail => taker.beginReport(mail) },
    offersAuth: false,
  })
  let reportsAt: readonly { host: string; port: number }[] = []
  const stopWatching = watchCertificate(needs, files.tls, limits, pair => {
    tls?.renew(pair)
    replies?.renew(pair)
  })
  const listen = async (): ReturnType<Gateway['listen']> => {
    const bound = await listener.listen()
    reportsAt = await reports.listen()
    await replies?.listen()
    return bound
  }
  const close = async (): Promise<void> => {
    stopWatching()
    await Promise.all([listener.close(), reports.close(), replies?.close()])
    nextHop.close()
    await threads?.close()
  }
  return {
    // An address that is taken: nothing else goes on listening.
    listen: () =>
      listen().catch(async (error: unknown) => {
        await close()
        throw error
      }),
    reportsAt: () => reportsAt,
    repliesAt: () => replies?.url(),
    close,
  }
}

function threadsOf({ threadKeys, log }: GatewayNeeds): PreparingThreads | undefined {
  if (threadKeys === undefined) return undefined
  const onFault = (fault: unknown): void => log.failure('preparing-thread-fault', fault)
  return preparingThreads({ keys: threadKeys, onFault })
}

function watchCertificate(
  { config, log }: GatewayNeeds,
  current: ServerTls | undefined,
  limits: GatewayLimits,
  take: (pair: KeyPair) => void,
): () => void {
  const files = config.gateway.tls
  if (files === undefined || current === undefined) return () => undefined
  return watchKeyPair({
    files,
    current,
    take,
    onRenewed: () => log.info('gateway-certificate-renewed'),
    onUnusable: error => log.failure('gateway-certificate-unusable', error),
    everyMs: limits.certificateMs,
  })
}

/** What mail and answers share. */
interface SharedNeeds {
  readonly needs: GatewayNeeds
  readonly limits: GatewayLimits
  readonly nextHop: NextHop
  readonly threads: PreparingThreads | undefined
  readonly rules: Rules
  readonly noticeOf: GatewayFilesNotice
}

interface TakerNeeds extends SharedNeeds {
  readonly membership: Membership
  readonly passwords: UserPasswords
}

type GatewayFilesNotice = Awaited<ReturnType<typeof readGatewayFiles>>['noticeOf']

interface OpenedReplies {
  listen(): Promise<void>
  url(): string | undefined
  renew(pair: KeyPair): void
  close(): Promise<void>
}

function openReplies(shared: SharedNeeds, tls: KeyPair | undefined): OpenedReplies | undefined {
  const { needs, limits, nextHop, threads, rules, noticeOf } = shared
  const { config, store, replies, log, counters } = needs
  if (replies === undefined) return undefined
  const { listen } = config.gateway.replies
  const addresses = replyAddresses(listen, tls, replies.portalIsHere)
  const listener = createReplyListener({
    ...replies,
    ...needs,
    limits,
    nextHop,
    noticeOf,
    addresses,
    defaults: config.policy.default,
    organisationOf: rules.organisationOf,
    prepareMail: threads?.prepare ?? prepareMail,
    journal: config.journal ? store.journal : null,
    replyLimits: { ...replyLimits, ...needs.replyLimits },
    reportFault: fault => log.failure('reply-fault', fault),
    report: outcome => {
      logReply(log, outcome)
      if (counters !== undefined) countReply(counters, outcome)
    },
  })
  let url: string | undefined
  return {
    async listen() {
      const last = (await listener.listen()).at(-1)
      const address = addresses.at(-1)
      if (last !== undefined && address !== undefined) url = replyUrl(address, last.port)
    },
    url: () => url,
    renew: pair => listener.renew(pair),
    close: () => listener.close(),
  }
}

interface GatewayTaker extends MailTaker {
  /** Of a mail that came from outside for an address under a reply domain. */
  beginReport(mail: MailCommand): MailTransaction
}

function mailTaker(taker: TakerNeeds): GatewayTaker {
  const { needs, limits, nextHop, threads, rules, membership, passwords, noticeOf } = taker
  const { config } = needs
  const transactionNeeds = {
    rules,
    defaults: config.policy.default,
    nextHop,
    limits,
    materialFor: needs.materialFor,
    mac: needs.mac,
    prepareMail: threads?.prepare ?? prepareMail,
    sealWholeMail: threads?.sealWhole ?? sealWholeMail,
    noticeOf,
    journal: config.journal ? needs.store.journal : null,
    deliveries: needs.store.deliveries,
    take: noticeLimiter(needs),
    clock: needs.clock,
    report: (outcome: MailOutcome) => {
      logOutcome(needs.log, outcome)
      if (needs.counters !== undefined) countOutcome(needs.counters, outcome)
    },
  }
  const guard = signInGuard(needs)
  return {
    offer: () => offer(nextHop, config.gateway.maxMessageBytes),
    refuseClient: client => refuseClient(client, membership, passwords),
    signIn: (user, password, address) => signIn(passwords, guard, { user, password, address }),
    begin: (mail, client) => new GatewayTransaction(transactionNeeds, mail, client),
    beginReport: mail =>
      new ReportTransaction({ ...transactionNeeds, aliasOf: rules.aliasOf }, mail),
  }
}

async function offer(nextHop: NextHop, maxMessageBytes: number): Promise<Offer> {
  return offerFrom(await nextHop.keywords(), maxMessageBytes)
}

/** Never an open relay. */
function refuseClient(
  client: Client,
  membership: Membership,
  passwords: UserPasswords,
): Reply | undefined {
  if (membership.mayBegin(client)) return undefined
  return passwords.size > 0 ? replies.signInFirst : replies.notAllowed
}

function noticeLimiter({ store, mac, clock }: GatewayNeeds): TakeAllowance {
  const secret = mac(Buffer.from('zegel.v1 notice limits'))
  return createRateLimiter({ rates: store.rates, secret, clock })
}

function signInGuard({ store, mac, clock, log }: GatewayNeeds): SignInGuard {
  const secret = mac(Buffer.from('zegel.v1 sign-in limits'))
  return createSignInGuard({
    take: createRateLimiter({ rates: store.rates, secret, clock }),
    clock,
    log,
  })
}

/** An unknown name costs as much time as a wrong password. Attack: finding out names. */
async function signIn(
  passwords: UserPasswords,
  guard: SignInGuard,
  tried: { readonly user: string; readonly password: string; readonly address: string },
): Promise<SignIn> {
  const { user, password, address } = tried
  if (!guard.mayTry(user, address)) return 'too-many'
  const stored = passwords.get(user)
  const matches = await checkPassword(password, stored ?? unknownUser)
  if (stored === undefined || !matches) {
    await guard.failed(user, address)
    return 'wrong'
  }
  // Attack: many guesses at once, all begun before the first was counted.
  return guard.mayTry(user, address) ? 'signed-in' : 'too-many'
}

/** A hash of the form that is checked, of a password that nobody knows. */
const unknownUser = `scrypt:14:8:${'A'.repeat(22)}:${'A'.repeat(43)}`
