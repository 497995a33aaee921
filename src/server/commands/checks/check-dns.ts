import { Resolver } from 'node:dns/promises'
import { describeDkimKey } from './dkim-key.ts'
import { failed, ok, warning } from './finding.ts'
import type { CheckLine } from './finding.ts'
import { spfProblem } from './spf-record.ts'

/** What is asked of the DNS; `node:dns/promises` Resolver has it. */
export interface TxtResolver {
  resolveTxt(name: string): Promise<string[][]>
}
export interface MailResolver extends TxtResolver {
  resolveMx(name: string): Promise<{ readonly exchange: string }[]>
}

/** Answers that do not come at once come late or never. */
const dnsPatience = { timeout: 3000, tries: 2 }

/**
 * Asks this server, an address with or without a port, or those of the machine.
 *
 * @throws TypeError when it is no address
 */
export function createResolver(server?: string, patience = dnsPatience): MailResolver {
  const resolver = new Resolver(patience)
  if (server !== undefined) resolver.setServers([server])
  return resolver
}

/** What the DNS said about a name: its texts, or why there are none. */
type Answer =
  | { readonly texts: readonly string[] }
  | { readonly missing: 'name' | 'texts' }
  | { readonly error: string }

/**
 * Whether receivers can tell that mail of a domain is genuine: SPF (RFC 7208), DKIM (RFC 6376),
 * DMARC (RFC 7489). `selectors`: DKIM selectors to look for; none: whether there is any key.
 */
export async function checkSenderDomain(
  domain: string,
  selectors: readonly string[],
  resolver: TxtResolver,
): Promise<readonly CheckLine[]> {
  return Promise.all([
    checkSpf(domain, resolver),
    ...(selectors.length === 0
      ? [checkAnyDkim(domain, resolver)]
      : selectors.map(selector => checkDkim(domain, selector, resolver))),
    checkDmarc(domain, resolver),
  ])
}

export async function checkSpf(domain: string, resolver: TxtResolver): Promise<CheckLine> {
  const name = `SPF of ${domain}`
  const answer = await askTexts(domain, resolver)
  if ('error' in answer) return failed(name, answer.error)
  const records = textsOf(answer).filter(text => /^v=spf1( |$)/i.test(text))
  const [record, ...more] = records
  if (record === undefined)
    return failed(name, `no record; add a TXT record v=spf1 … to ${domain} that names your servers`)
  if (more.length > 0)
    return failed(name, `${records.length} records; receivers take that for none: keep one`)
  const problem = spfProblem(record)
  if (problem === undefined) return ok(name, record)
  return { name, state: problem.state, detail: `${record}: ${problem.detail}` }
}

async function checkDkim(
  domain: string,
  selector: string,
  resolver: TxtResolver,
): Promise<CheckLine> {
  const name = `DKIM of ${domain}, selector ${selector}`
  const answer = await askTexts(`${selector}._domainkey.${domain}`, resolver)
  if ('error' in answer) return failed(name, answer.error)
  const key = textsOf(answer).find(text => /(^|;)\s*p\s*=/.test(text))
  if (key === undefined)
    return failed(name, `no key at ${selector}._domainkey.${domain}; publish the one that signs`)
  return { name, ...describeDkimKey(key) }
}

/** RFC 8020: when `_domainkey` itself does not exist, nothing below it does. */
async function checkAnyDkim(domain: string, resolver: TxtResolver): Promise<CheckLine> {
  const name = `DKIM of ${domain}`
  const answer = await askTexts(`_domainkey.${domain}`, resolver)
  if ('error' in answer) return failed(name, answer.error)
  if ('missing' in answer && answer.missing === 'name')
    return failed(name, 'no key is published; let the server behind the gateway sign with DKIM')
  return ok(name, 'keys are published; name yours with --dkim-selector to look at it')
}

/** Records of the domain itself; none are asked of those above it. */
export async function dmarcRecords(
  domain: string,
  resolver: TxtResolver,
): Promise<{ readonly records: readonly string[] } | { readonly error: string }> {
  const answer = await askTexts(`_dmarc.${domain}`, resolver)
  if ('error' in answer) return answer
  return { records: textsOf(answer).filter(text => /^v=DMARC1\s*(;|$)/.test(text)) }
}

export async function checkDmarc(domain: string, resolver: TxtResolver): Promise<CheckLine> {
  const name = `DMARC of ${domain}`
  const answer = await dmarcRecords(domain, resolver)
  if ('error' in answer) return failed(name, answer.error)
  const [record, ...more] = answer.records
  if (record === undefined)
    return failed(name, `no record; add a TXT record v=DMARC1; p=… to _dmarc.${domain}`)
  if (more.length > 0)
    return failed(name, `${more.length + 1} records; receivers take that for none: keep one`)
  const policy = /;\s*p\s*=\s*(\w+)/i.exec(record)?.[1]?.toLowerCase() ?? ''
  if (!['none', 'quarantine', 'reject'].includes(policy))
    return failed(name, `${record}: no policy; write p=quarantine or p=reject`)
  return policy === 'none'
    ? warning(name, `${record}: forged mail is let through; p=quarantine or p=reject stops it`)
    : ok(name, record)
}

const textsOf = (answer: Answer): readonly string[] => ('texts' in answer ? answer.texts : [])

export async function askTexts(name: string, resolver: TxtResolver): Promise<Answer> {
  try {
    const records = await resolver.resolveTxt(name)
    return { texts: records.map(parts => parts.join('')) }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    if (code === 'ENOTFOUND') return { missing: 'name' }
    if (code === 'ENODATA') return { missing: 'texts' }
    return { error: `the DNS gave no answer (${code}); look at the network and try again` }
  }
}
