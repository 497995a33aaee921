import { domainOf } from '../../core/address/address.ts'
import type { Address } from '../../core/address/address.ts'
import { parseMailboxes } from '../../core/address/mailboxes.ts'
import type { Mailbox } from '../../core/address/mailboxes.ts'
import { EnvelopeError } from '../../core/envelope/errors.ts'
import type { Policy } from '../../core/policy/policy.ts'
import { readSecret } from '../config/read-secret.ts'
import type { Config, OrganisationConfig } from '../config/schema.ts'
import { compilePermissions } from '../gateway/compile-permissions.ts'
import { readGatewayFiles } from '../gateway/gateway-files.ts'
import { findHeaderEnd, readHeaderFields, removeFields } from '../gateway/header-fields.ts'
import { gatewayLimits } from '../gateway/limits.ts'
import { MailFacts } from '../gateway/mail-facts.ts'
import { expiryOf, makePolicy } from '../gateway/message-policy.ts'
import { issuedConversation } from '../gateway/replies/issued-message-id.ts'
import { startSealedMail } from '../gateway/seal-mail.ts'
import type { SealedMail } from '../gateway/seal-mail.ts'
import type { Store } from '../store/store.ts'
import { CommandError } from './command-error.ts'
import { openKeysOfGateway } from './open-keys.ts'
import { write } from './output.ts'
import { createProgress } from './progress.ts'
import type { Terminal } from './terminal.ts'

export interface SealOneMail {
  readonly config: Config
  readonly store: Store
  /** Expiry, assurance and permissions of this mail. */
  readonly defaults: Config['policy']['default']
  readonly terminal: Terminal
}

/** A mail whose header has been read. */
interface Incoming {
  readonly header: Uint8Array
  readonly facts: MailFacts
  readonly sender: Mailbox
  readonly organisation: OrganisationConfig
  readonly recipients: readonly Address[]
}

/** Seals the mail on standard input to standard output, in constant memory. @throws CommandError */
export async function sealOneMail(needs: SealOneMail): Promise<void> {
  const { config, terminal } = needs
  const chunks = readChunks(terminal)
  const { header, rest } = await readHeader(chunks)
  const incoming = describe(config, header)
  const { sealed, policy } = await startSealing(needs, incoming)
  const progress = createProgress('sealing', terminal)
  await writeAll(terminal, sealed.push(incoming.header))
  await writeAll(terminal, sealed.push(rest))
  let done = header.length + rest.length
  for await (const chunk of chunks) {
    done += chunk.length
    if (done > config.gateway.maxMessageBytes)
      throw new CommandError(
        `the mail is larger than ${config.gateway.maxMessageBytes} bytes (gateway.maxMessageBytes); what was written is no whole mail`,
      )
    await writeAll(terminal, sealed.push(chunk))
    progress.show(done)
  }
  await recordMail(needs, policy)
  await writeAll(terminal, sealed.finish())
  progress.end()
}

async function writeAll(terminal: Terminal, pieces: readonly Uint8Array[]): Promise<void> {
  for (const piece of pieces) await write(terminal, piece)
}

async function* readChunks(terminal: Terminal): AsyncGenerator<Buffer, undefined> {
  for await (const chunk of terminal.stdin) yield chunk as Buffer
}

/** @throws CommandError for a header without end */
async function readHeader(
  chunks: AsyncGenerator<Buffer, undefined>,
): Promise<{ header: Buffer; rest: Buffer }> {
  let bytes = Buffer.alloc(0)
  for (;;) {
    const end = findHeaderEnd(bytes)
    if (end !== -1) return { header: bytes.subarray(0, end), rest: bytes.subarray(end) }
    if (bytes.length > gatewayLimits.headerBytes)
      throw new CommandError('the header of the mail does not end; is it a mail?')
    const { value, done } = await chunks.next()
    if (done === true) return { header: bytes, rest: Buffer.alloc(0) }
    bytes = Buffer.concat([bytes, value])
  }
}

/** Who sends it to whom, and the header as it is sealed. @throws CommandError */
function describe(config: Config, header: Buffer): Incoming {
  const fields = readHeaderFields(header)
  const facts = new MailFacts(fields)
  const sender = facts.from
  if (typeof sender === 'string')
    throw new CommandError(
      'the mail needs exactly one From address that can be read in one way only',
    )
  const domain = domainOf(sender.address)
  const organisation = config.organisations.find(({ domains }) => domains.includes(domain))
  if (organisation === undefined)
    throw new CommandError(`${domain} is not a domain of an organisation in the configuration`)
  const recipients = [...new Set([...facts.listed, ...hiddenRecipients(facts)])]
  if (recipients.length === 0)
    throw new CommandError('the mail has no recipient in To, Cc or Bcc that can be read')
  return { header: removeFields(header, ['Bcc']), facts, sender, organisation, recipients }
}

/** @throws CommandError: nobody who was meant is left out silently */
function hiddenRecipients(facts: MailFacts): readonly Address[] {
  return facts.values('bcc').flatMap(body => {
    const mailboxes = body.trim() === '' ? [] : parseMailboxes(body)
    if (mailboxes === null)
      throw new CommandError('the Bcc of the mail cannot be read in one way only')
    return mailboxes.map(({ address }) => address)
  })
}

async function startSealing(
  { config, store, defaults, terminal }: SealOneMail,
  { header, facts, sender, organisation, recipients }: Incoming,
): Promise<{ sealed: SealedMail; policy: Policy }> {
  const nowMs = Date.now()
  const environment = terminal.env
  const keys = await openKeysOfGateway({ config, store, environment, clock: Date.now })
  const mac = (data: Uint8Array): Uint8Array => keys.mac(data)
  const material = await keys.materialFor(organisation.id, expiryOf(defaults.expires, nowMs), nowMs)
  const policy = makePolicy({
    facts,
    organisation,
    sender,
    recipients,
    permissions: compilePermissions({ ...config.policy, default: defaults })({
      facts,
      sender: sender.address,
      user: undefined,
    }),
    conversationId: issuedConversation(mac, organisation.id, facts),
    defaults,
    replyRecipient: material.replyRecipient,
    mac,
    nowMs,
  })
  const files = await readGatewayFiles(config, reference => readSecret(reference, environment))
  const notice = files.noticeOf(organisation)
  const request = { header, policy, material, notice, mac, nowMs }
  const sealed = await startSealedMail(request).catch(tooManyRecipients)
  return { sealed, policy }
}

/** @throws CommandError for a record that does not hold them; anything else as it is */
function tooManyRecipients(cause: unknown): never {
  if (!(cause instanceof EnvelopeError && cause.code === 'too-large')) throw cause
  throw new CommandError(
    'the mail has more recipients than one sealed mail holds; send it to fewer at a time',
    { cause },
  )
}

/** In the journal like a mail of the gateway, so that it can be revoked. */
async function recordMail({ config, store }: SealOneMail, policy: Policy): Promise<void> {
  if (!config.journal) return
  await store.journal.record({
    messageId: policy.messageId,
    organisationId: policy.organisationId,
    sender: policy.sender,
    recipients: policy.recipients.map(({ address }) => address),
    createdAtMs: policy.createdAtMs,
    expiresAtMs: policy.expiresAtMs,
    template: policy.template,
  })
}
