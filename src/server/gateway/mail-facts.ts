import { parseAddress } from '../../core/address/address.ts'
import type { Address } from '../../core/address/address.ts'
import { decodeWords } from '../../core/address/encoded-words.ts'
import { parseMailboxes } from '../../core/address/mailboxes.ts'
import type { Mailbox } from '../../core/address/mailboxes.ts'
import type { HeaderField } from './header-fields.ts'

/** What the gateway wants to know of a mail's header. */
export class MailFacts {
  readonly fields: readonly HeaderField[]
  readonly #values = new Map<string, string[]>()
  #listed: ReadonlySet<Address> | undefined

  constructor(fields: readonly HeaderField[]) {
    this.fields = fields
    for (const field of fields) {
      const name = field.name.toLowerCase()
      const values = this.#values.get(name)
      if (values === undefined) this.#values.set(name, [field.value])
      else values.push(field.value)
    }
  }

  /** Unfolded bodies of all fields of a name, in their order. */
  values(name: string): readonly string[] {
    return this.#values.get(name.toLowerCase()) ?? []
  }

  /** The first field of a name without white space around it; empty when there is none. */
  first(name: string): string {
    return this.values(name)[0]?.trim() ?? ''
  }

  /** Subjects as a person reads them (RFC 2047 decoded). */
  get subjects(): readonly string[] {
    return this.values('subject').map(decodeWords)
  }

  /** The one mailbox of the one From field; else why there is none. */
  get from(): Mailbox | 'missing' | 'several' | 'malformed' {
    const [body, ...more] = this.values('from')
    if (body === undefined) return 'missing'
    if (more.length > 0) return 'several'
    const mailboxes = parseMailboxes(body)
    const [mailbox, ...others] = mailboxes ?? []
    if (mailbox === undefined) return 'malformed'
    return others.length > 0 ? 'several' : mailbox
  }

  /** Addresses that stand in To or Cc. */
  get listed(): ReadonlySet<Address> {
    const bodies = [...this.values('to'), ...this.values('cc')]
    this.#listed ??= new Set(bodies.flatMap(addressesOf))
    return this.#listed
  }

  /** Addresses that stand in Reply-To. */
  get replyTo(): readonly Address[] {
    return this.values('reply-to').flatMap(addressesOf)
  }
}

/** Of a list that is malformed, what looks like an address: it is held against the recipients alone. */
function addressesOf(body: string): readonly Address[] {
  const mailboxes = parseMailboxes(body)
  if (mailboxes !== null) return mailboxes.map(mailbox => mailbox.address)
  // Cut, then looked at: a pattern that searches for `@` begins anew at each character of a long word.
  const candidates = body.split(/[\s<>,;:"()]/u).filter(word => word.includes('@'))
  return candidates.map(parseAddress).filter(address => address !== null)
}
