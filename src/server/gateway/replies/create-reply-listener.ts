import { randomBytes } from 'node:crypto'
import { domainOf } from '../../../core/address/address.ts'
import type { Address } from '../../../core/address/address.ts'
import { HAND_OVER_SIGNATURE_BYTES } from '../../../core/reply/hand-over.ts'
import { MAX_HAND_OVER_HEAD_BYTES } from '../../../core/reply/limits.ts'
import { replyDomainsOf } from '../../config/reply-domain.ts'
import type { Config, OrganisationConfig } from '../../config/schema.ts'
import { createRateLimiter } from '../../identity/rate-limiter.ts'
import type { AuditStore, DeliveredHalfStore, RateStore } from '../../store/store.ts'
import { namesARoute } from '../names-a-route.ts'
import type { AnsweredMessageNeeds } from './answered-message.ts'
import type { ReplyLimits } from './limits.ts'
import { Places } from './places.ts'
import type { ReplyDeliveryNeeds } from './reply-delivery.ts'
import { ReplyListener } from './reply-listener.ts'
import type { ReplyAddress, ReplyOutcome } from './reply-listener.ts'
import { takeReply } from './take-reply.ts'
import type { TakeReplyNeeds } from './take-reply.ts'

/** What the gateway is given for replies; it may not import keys. */
export interface ReplyNeeds
  extends
    Pick<TakeReplyNeeds, 'portalVerifier' | 'replyIdentity'>,
    Pick<AnsweredMessageNeeds, 'readRecord' | 'overridesOf'> {
  /** Null: the audit is off. */
  readonly audit: Pick<AuditStore, 'append'> | null
  /** The portal runs in this process and is told where to hand over. */
  readonly portalIsHere: boolean
  /** Multiplies the limits of one writer; for the demo, where one person plays all parts. */
  readonly limitScale?: number
}

/** What it shares with the mail that comes in by SMTP. */
export interface ReplyListenerParts
  extends ReplyNeeds, Omit<ReplyDeliveryNeeds, 'audit' | 'isInside' | 'random'> {
  readonly config: Pick<Config, 'organisations' | 'gateway'>
  readonly organisationOf: (address: Address) => OrganisationConfig | undefined
  readonly store: { readonly deliveries: DeliveredHalfStore; readonly rates: RateStore }
  readonly addresses: readonly ReplyAddress[]
  readonly replyLimits: ReplyLimits
  readonly report: (outcome: ReplyOutcome) => void
  readonly reportFault: (fault: unknown) => void
}

export function createReplyListener(parts: ReplyListenerParts): ReplyListener {
  const { config, store, replyLimits, limits, addresses, report } = parts
  const maxFileBytes = config.gateway.maxMessageBytes + replyLimits.fileOverheadBytes
  const needs: TakeReplyNeeds = {
    ...parts,
    organisations: config.organisations,
    isInside: insideOf(parts),
    standsForAnother: aliasOf(config),
    deliveries: store.deliveries,
    random: bytes => randomBytes(bytes),
    take: limiter(parts),
    places: new Places(replyLimits),
    maxFileBytes,
  }
  return new ReplyListener({
    addresses,
    take: (source, ending) => takeReply(needs, source, ending),
    report,
    reportFault: parts.reportFault,
    limits: replyLimits,
    maxBytes: 4 + MAX_HAND_OVER_HEAD_BYTES + 2 * HAND_OVER_SIGNATURE_BYTES + maxFileBytes,
    closeMs: limits.closeMs,
  })
}

/** Attack: an address inside that leads outside. */
function insideOf({ organisationOf }: ReplyListenerParts): ReplyDeliveryNeeds['isInside'] {
  return (address, organisation) =>
    !namesARoute(address) && organisationOf(address)?.id === organisation.id
}

function aliasOf({ organisations }: Pick<Config, 'organisations'>): (address: Address) => boolean {
  const domains = new Set(organisations.flatMap(replyDomainsOf))
  return address => domains.has(domainOf(address))
}

function limiter({ store, mac, clock, limitScale }: ReplyListenerParts): TakeReplyNeeds['take'] {
  const secret = mac(Buffer.from('zegel.v1 reply limits'))
  const scale = limitScale === undefined ? {} : { scale: limitScale }
  return createRateLimiter({ rates: store.rates, secret, clock, ...scale })
}
