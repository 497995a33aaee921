import type { MailCollection } from './mail-collection.ts'
import type { GatewayAddress } from './submit-mail.ts'

export interface MailboxAppNeeds {
  readonly mails: MailCollection
  readonly gateway: () => GatewayAddress
  /** Where people outside the organisation send to. */
  readonly mailServer: () => GatewayAddress
  /** True for an address of the organisation. */
  readonly isInside: (address: string) => boolean
  readonly clock: () => number
  /** `https://mailbox.test` when the mailbox stands behind something that has another name. */
  readonly publicUrl?: string
}
