import { domainOf, parseAddress } from '../../core/address/address.ts'
import { checkProviders } from './check-providers.ts'
import { escrowKind } from './check-escrow.ts'
import { isDomain } from './fields.ts'
import { type Finding, checkOrganisationId, repeated, unknownName } from './finding.ts'
import { replyDomainsOf } from './reply-domain.ts'
import type { ConditionConfig, Config, NextHopConfig } from './schema.ts'
import type { PathPart } from './walk-schema.ts'

/** What no single value shows: things that do not fit together. */
export function checkConfig(config: Config): readonly Finding[] {
  return [
    ...checkOrganisations(config),
    ...checkEscrow(config),
    ...checkGateway(config),
    ...checkUsers(config),
    ...checkTenants(config),
    ...checkConditions(config),
    ...checkHop(config.gateway.nextHop, ['gateway', 'nextHop']),
    ...checkHop(config.portal.mail.relay, ['portal', 'mail', 'relay']),
    ...checkPortal(config),
    ...checkProviders(config),
  ]
}

function checkOrganisations({ organisations }: Config): readonly Finding[] {
  const ids = organisations.map((organisation, i) => ({
    value: organisation.id,
    path: ['organisations', i, 'id'] as const,
  }))
  const domains = organisations.flatMap((organisation, i) =>
    organisation.domains.map((value, j) => ({
      value,
      path: ['organisations', i, 'domains', j] as const,
    })),
  )
  return [
    ...repeated(ids, 'is the id of another organisation: choose another'),
    ...repeated(domains, 'stands there twice: a domain belongs to one organisation, once'),
    ...checkReplyDomains(organisations),
  ]
}

/** Attack: an address that stands for somebody outside and is read as one of somebody inside. */
function checkReplyDomains(organisations: Config['organisations']): readonly Finding[] {
  const own = new Set(organisations.flatMap(({ domains }) => domains))
  const placed = organisations.flatMap((organisation, i) => {
    const today = ['organisations', i, 'replyDomain'] as const
    const former = (j: number) => ['organisations', i, 'formerReplyDomains', j] as const
    return replyDomainsOf(organisation).map((value, at) => ({
      value,
      path: at === 0 ? today : former(at - 1),
    }))
  })
  const wrong = placed.flatMap(({ value, path }) => {
    if (!isDomain(value)) return [{ path, message: `${value} is no domain: write another` }]
    if (!own.has(value)) return []
    return [{ path, message: `${value} is a domain of an organisation: write one kept for this` }]
  })
  return [
    ...wrong,
    ...repeated(
      placed,
      'is the replyDomain of another organisation, or stands there twice: write another',
    ),
  ]
}

function checkEscrow({ organisations }: Config): readonly Finding[] {
  return organisations.flatMap((organisation, i) =>
    organisation.escrowRecipients.flatMap((recipient, j) => {
      const kind = escrowKind(recipient)
      const path = ['organisations', i, 'escrowRecipients', j]
      if (kind === undefined)
        return [{ path, message: 'not an age recipient: write age1pq1…, from age-keygen -pq' }]
      if (kind === 'post-quantum' || organisation.allowClassicalEscrow) return []
      const message =
        'a classical recipient is not post-quantum: use age1pq1…, or set allowClassicalEscrow: true'
      return [{ path, message }]
    }),
  )
}

function checkGateway({ gateway, portal }: Config): readonly Finding[] {
  const findings: Finding[] = []
  if (gateway.listenTls.length > 0 && !gateway.tls)
    findings.push({
      path: ['gateway', 'listenTls'],
      message: 'needs a certificate: set gateway.tls',
    })
  if (gateway.users.length > 0 && !gateway.tls)
    findings.push({
      path: ['gateway', 'users'],
      message: 'passwords are taken over TLS alone: set gateway.tls',
    })
  if (gateway.replies.listen !== '' && !isLocal(gateway.replies.listen) && !gateway.tls)
    findings.push({
      path: ['gateway', 'replies', 'listen'],
      message: 'is not of this machine alone and needs a certificate: set gateway.tls',
    })
  if (gateway.rootKey === portal.rootKey)
    findings.push({
      path: ['portal', 'rootKey'],
      message:
        "is the gateway's root key too: make one for each, so that neither reads the other's keys",
    })
  return findings
}

function checkUsers(config: Config): readonly Finding[] {
  const { users } = config.gateway
  const names = users.map(({ name }, i) => ({ value: name, path: ['gateway', 'users', i, 'name'] }))
  return [
    ...repeated(names, 'is the name of another user: choose another'),
    ...users.flatMap((user, i) => [
      ...checkOrganisationId(config, user.organisation, ['gateway', 'users', i, 'organisation']),
      ...user.senders.flatMap((sender, j) =>
        checkSender(config, user.organisation, sender, ['gateway', 'users', i, 'senders', j]),
      ),
    ]),
  ]
}

function checkSender(
  { organisations }: Config,
  organisationId: string,
  sender: string,
  path: readonly PathPart[],
): readonly Finding[] {
  const organisation = organisations.find(({ id }) => id === organisationId)
  if (!organisation || organisation.domains.includes(domainOfPattern(sender))) return []
  const domains = organisation.domains.join(', ')
  return [{ path, message: `${sender} is not of ${organisationId}: its domains are ${domains}` }]
}

function domainOfPattern(pattern: string): string {
  const address = parseAddress(pattern)
  return address === null ? pattern.slice(1) : domainOf(address)
}

function checkTenants(config: Config): readonly Finding[] {
  return config.gateway.tenants.flatMap((tenant, i) => {
    const path = ['gateway', 'tenants', i]
    const findings = [
      ...checkOrganisationId(config, tenant.organisation, [...path, 'organisation']),
    ]
    const { header, value, network, clientCertificate } = tenant
    if ((header === undefined) !== (value === undefined))
      findings.push({ path, message: 'header and value go together: write both' })
    // EchoSpoofing: the addresses of a shared relay say nothing about whose mail it is. threats.md
    if (header === undefined && clientCertificate === undefined)
      findings.push({
        path,
        message: 'a network alone proves nothing: write header and value, or clientCertificate',
      })
    if (header !== undefined && network === undefined && clientCertificate === undefined)
      findings.push({
        path,
        message: 'anyone can write a header: add the network or clientCertificate of the relay',
      })
    return findings
  })
}

function checkConditions(config: Config): readonly Finding[] {
  const rules = ['seal', 'pass', 'refuse', 'doNotForward', 'mayForward'] as const
  return rules.flatMap(rule =>
    config.policy[rule].flatMap((condition, i) => {
      const path = ['policy', rule, i]
      return [
        ...checkCondition(config, condition, path),
        ...(rule === 'pass' ? checkPass(condition, path) : []),
      ]
    }),
  )
}

function checkCondition(
  { gateway }: Config,
  condition: ConditionConfig,
  path: readonly PathPart[],
): readonly Finding[] {
  const findings: Finding[] = []
  if (Object.keys(condition).length === 0)
    findings.push({ path, message: 'empty, it would match every mail: write a condition' })
  if (condition.headerMatches !== undefined && condition.header === undefined)
    findings.push({ path, message: 'headerMatches needs the name of the field: write header' })
  const names = gateway.users.map(({ name }) => name)
  if (condition.user !== undefined && !names.includes(condition.user))
    findings.push({ path: [...path, 'user'], message: unknownName(condition.user, 'user', names) })
  return findings
}

/** Nothing in a mail exempts it from sealing: only a named, authenticated sender does. threats.md */
function checkPass(condition: ConditionConfig, path: readonly PathPart[]): readonly Finding[] {
  if (condition.sender !== undefined && condition.user !== undefined) return []
  const message = 'mail leaves unsealed for a named, signed-in sender alone: write sender and user'
  return [{ path, message }]
}

function checkHop(hop: NextHopConfig, path: readonly PathPart[]): readonly Finding[] {
  const findings: Finding[] = []
  if ((hop.user === '') !== (hop.password === undefined))
    findings.push({ path, message: 'user and password go together: write both' })
  if (hop.user !== '' && (hop.tls === 'none' || hop.tls === 'opportunistic') && !isLoopback(hop))
    findings.push({
      path: [...path, 'tls'],
      message: 'the password could be read on the way: write required or implicit',
    })
  return findings
}

function isLoopback({ host }: Pick<NextHopConfig, 'host'>): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
}

/** @param hostPort `HOST:PORT`, `[::1]:PORT` */
function isLocal(hostPort: string): boolean {
  const host = hostPort.slice(0, hostPort.lastIndexOf(':')).replace(/^\[(.*)\]$/, '$1')
  return isLoopback({ host })
}

function checkPortal({ portal, gateway }: Config): readonly Finding[] {
  const findings: Finding[] = []
  const { relay } = portal.mail
  const address = relay.host.includes(':') ? `[${relay.host}]` : relay.host
  const listeners = [...gateway.listen, ...gateway.listenTls, ...gateway.listenReports]
  if (listeners.includes(`${address}:${relay.port}`))
    findings.push({
      path: ['portal', 'mail', 'relay'],
      message: 'is the gateway, which would seal the passcode: write the mail server behind it',
    })
  if (portal.maxPostedBytes > portal.postedBudgetBytes)
    findings.push({
      path: ['portal', 'postedBudgetBytes'],
      message: 'is smaller than one posted envelope: write at least portal.maxPostedBytes',
    })
  const hosts = [...portal.aliases, new URL(portal.url).hostname]
  return [
    ...findings,
    ...repeated(
      hosts.map((value, i) => ({
        value,
        path: i < portal.aliases.length ? ['portal', 'aliases', i] : ['portal', 'url'],
      })),
      'is among portal.aliases too: an alias is another name',
    ),
  ]
}
