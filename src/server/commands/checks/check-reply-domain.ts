import { askTexts, checkDmarc, checkSpf, dmarcRecords } from './check-dns.ts'
import type { MailResolver } from './check-dns.ts'
import { failed, ok, warning } from './finding.ts'
import type { CheckLine } from './finding.ts'

/**
 * Whether mail from and to the addresses of a reply domain finds its way: SPF and DMARC for what is sent in their name,
 * MX for bounces. `domains`: the organisation's own, whose signature and DMARC record hold below them.
 */
export function checkReplyDomain(
  domain: string,
  domains: readonly string[],
  resolver: MailResolver,
): Promise<readonly CheckLine[]> {
  const parent = domains.find(each => domain.endsWith(`.${each}`))
  return Promise.all([
    checkSpf(domain, resolver),
    checkDkim(domain, parent, resolver),
    checkDmarcOf(domain, parent, resolver),
    checkMx(domain, resolver),
  ])
}

/** RFC 7489 §3.1.1: a signature of the domain above is aligned, unless it asks for strictness. */
async function checkDkim(
  domain: string,
  parent: string | undefined,
  resolver: MailResolver,
): Promise<CheckLine> {
  const name = `DKIM of ${domain}`
  const answer = await askTexts(`_domainkey.${domain}`, resolver)
  if ('error' in answer) return failed(name, answer.error)
  if (!('missing' in answer) || answer.missing !== 'name') return ok(name, 'keys are published')
  if (parent === undefined)
    return failed(name, `no key is published; let the server behind the gateway sign as ${domain}`)
  return ok(name, `signatures of ${parent} count, unless its DMARC record says adkim=s`)
}

/** RFC 7489 §6.6.3: without one of its own, the record of the domain above holds, with its sp. */
async function checkDmarcOf(
  domain: string,
  parent: string | undefined,
  resolver: MailResolver,
): Promise<CheckLine> {
  const own = await dmarcRecords(domain, resolver)
  if (parent === undefined || 'error' in own || own.records.length > 0)
    return checkDmarc(domain, resolver)
  const name = `DMARC of ${domain}`
  const above = await dmarcRecords(parent, resolver)
  if ('error' in above) return failed(name, above.error)
  const [record, ...more] = above.records
  if (record === undefined || more.length > 0)
    return failed(name, `no record that holds; see DMARC of ${parent}`)
  return /;\s*sp\s*=\s*none\b/i.test(record)
    ? warning(name, `${record} of ${parent}: sp=none lets forged mail through`)
    : ok(name, `the record of ${parent} holds: ${record}`)
}

async function checkMx(domain: string, resolver: MailResolver): Promise<CheckLine> {
  const name = `MX of ${domain}`
  try {
    const hosts = (await resolver.resolveMx(domain)).map(({ exchange }) => exchange)
    // RFC 7505: a single dot says that no mail is taken.
    if (hosts.every(host => host === '' || host === '.'))
      return failed(name, 'says that no mail is taken; let it lead to your mail server')
    return ok(name, hosts.join(', '))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    if (code !== 'ENOTFOUND' && code !== 'ENODATA')
      return failed(name, `the DNS gave no answer (${code}); look at the network and try again`)
    return failed(
      name,
      `no record, so bounces from outside get lost; let it lead to your mail server, and route the domain from there to gateway.listenReports (docs/deploy.md)`,
    )
  }
}
