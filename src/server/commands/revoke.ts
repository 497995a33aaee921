import { parseAddress } from '../../core/address/address.ts'
import type { Config } from '../config/schema.ts'
import type { Store } from '../store/store.ts'
import { configOption, defineCommand } from './command.ts'
import { CommandError, UsageError } from './command-error.ts'
import { write } from './output.ts'
import { withStore } from './with-store.ts'

export const revoke = defineCommand({
  name: 'revoke',
  summary: 'stop a message from being opened',
  operands: [{ name: 'ID', help: 'of the message, as zegel journal shows it' }],
  options: {
    config: configOption,
    recipient: { type: 'string', value: 'ADDRESS', help: 'for this recipient alone' },
    organisation: {
      type: 'string',
      value: 'ID',
      help: 'whose message it is; needed only when the journal does not know the message',
    },
  },
  details: 'It holds at once. Whoever has read the message has read it.',
  async run(values, [messageId = ''], terminal) {
    const recipient = readRecipient(values.recipient)
    return withStore(values.config, terminal, async ({ config, store }) => {
      const message = await findMessage(store, config, messageId, values.organisation)
      await store.overrides.put({
        ...message,
        messageId,
        recipient,
        revoked: true,
        changesExpiry: false,
        expiresAtMs: null,
        createdAtMs: Date.now(),
      })
      await write(terminal, `${messageId} is revoked for ${recipient ?? 'everyone'}\n`)
      return 0
    })
  },
})

/** Null: everyone. @throws UsageError */
function readRecipient(text: string | undefined): string | null {
  if (text === undefined) return null
  const address = parseAddress(text)
  if (address === null) throw new UsageError(`--recipient: ${text} is no address`)
  return address
}

interface FoundMessage {
  readonly organisationId: string
  /** Until when the revocation must be remembered; null: always. */
  readonly lastExpiryMs: number | null
}

/** @throws CommandError when the journal does not know the message and nobody says whose it is */
async function findMessage(
  store: Store,
  config: Config,
  messageId: string,
  named: string | undefined,
): Promise<FoundMessage> {
  if (named !== undefined && config.organisations.every(({ id }) => id !== named))
    throw new CommandError(`the configuration has no organisation ${named}`)
  const entry = await store.journal.find(messageId)
  const organisationId = entry?.organisationId ?? named
  if (organisationId === undefined)
    throw new CommandError(
      `the journal has no message ${messageId}; look it up with zegel journal, or say whose it is with --organisation`,
    )
  const prolonged = (await store.overrides.list(messageId)).some(
    ({ changesExpiry }) => changesExpiry,
  )
  return { organisationId, lastExpiryMs: prolonged ? null : (entry?.expiresAtMs ?? null) }
}
