import type { Address } from '../../core/address/address.ts'
import type { Config } from '../config/schema.ts'
import { networkMatcher } from './client-network.ts'
import type { MailFacts } from './mail-facts.ts'
import { senderMatcher } from './match-condition.ts'
import type { Client } from './smtp/transaction.ts'

type GatewayConfig = Config['gateway']

/** A mail as it claims to be sent. */
export interface Claim {
  readonly client: Client
  readonly facts: MailFacts
  readonly organisationId: string
  readonly sender: Address
}

type Grants = (claim: Claim) => boolean

/** Who may connect, and for which organisation a client may send. */
export interface Membership {
  /** True when this client may begin a mail; whether it may use a sender is said by `belongs`. */
  mayBegin(client: Client): boolean
  /**
   * Whether the client may send in the name of the organisation. Attack: EchoSpoofing, where the
   * network of a shared relay was enough to send as any of its tenants.
   */
  belongs(claim: Claim): boolean
  /**
   * Fields by which a relay says whose mail it is. Who knows a value can send as that tenant, so they are
   * taken out of what is sealed for people outside.
   */
  readonly tenantFields: readonly string[]
}

/** @throws {RangeError} for a network or sender that is none */
export function readMembership(gateway: GatewayConfig): Membership {
  const isAllowed = networkMatcher(gateway.allowedNetworks)
  const users = new Map(gateway.users.map(user => [user.name, userGrant(user)]))
  const tenants = gateway.tenants.map(readTenant)
  const isTenantClient = (client: Client) => tenants.some(tenant => tenant.mayBegin(client))
  return {
    mayBegin: client =>
      client.user !== undefined || isAllowed(client.address) || isTenantClient(client),
    belongs: claim => {
      const { user, address } = claim.client
      if (user !== undefined) return users.get(user)?.(claim) ?? false
      if (gateway.trustNetworks && isAllowed(address)) return true
      return tenants.some(tenant => tenant.grants(claim))
    },
    tenantFields: gateway.tenants.flatMap(({ header }) => (header === undefined ? [] : [header])),
  }
}

function userGrant(user: GatewayConfig['users'][number]): Grants {
  const isSender = user.senders.length === 0 ? () => true : senderMatcher(user.senders)
  return ({ organisationId, sender }) => organisationId === user.organisation && isSender(sender)
}

interface Tenant {
  mayBegin(client: Client): boolean
  readonly grants: Grants
}

/** Every part that is named must hold; a network alone never says whose mail it is. */
function readTenant(tenant: GatewayConfig['tenants'][number]): Tenant {
  const { header, value } = tenant
  const fingerprint = tenant.clientCertificate?.replaceAll(':', '').toLowerCase()
  const inNetwork = tenant.network === undefined ? undefined : networkMatcher([tenant.network])
  const provesTenant = fingerprint !== undefined || (header !== undefined && value !== undefined)
  const isClient = (client: Client) =>
    (inNetwork === undefined || inNetwork(client.address)) &&
    (fingerprint === undefined || client.certificate === fingerprint)
  return {
    mayBegin: client => (inNetwork !== undefined || fingerprint !== undefined) && isClient(client),
    grants: ({ client, facts, organisationId }) =>
      provesTenant &&
      organisationId === tenant.organisation &&
      isClient(client) &&
      (header === undefined || hasOnly(facts, header, value)),
  }
}

/** Exactly one such field, with this value: a second one could have been brought by anyone. */
function hasOnly(facts: MailFacts, header: string, value: string | undefined): boolean {
  const [first, ...more] = facts.values(header)
  if (first === undefined || more.length > 0) return false
  return value !== undefined && first.trim().toLowerCase() === value.trim().toLowerCase()
}
