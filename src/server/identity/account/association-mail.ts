import { parseAddress } from '../../../core/address/address.ts'
import { createNoticeMailer } from '../notice-mail.ts'
import type { Notice, NoticeNeeds } from '../notice-mail.ts'

/** Says to the address itself that an account opens its messages from now on. */
export interface AssociationNotice extends Notice {
  /** Name of the provider. */
  readonly provider: string
  /** What the provider calls the account; said only when it is an address. */
  readonly account: string
  /** True when the provider vouches for that address; else it is what the account calls itself. */
  readonly vouched: boolean
}

export type SendAssociationNotice = (notice: AssociationNotice) => Promise<void>

export function createAssociationMailer(needs: NoticeNeeds): SendAssociationNotice {
  return createNoticeMailer<AssociationNotice>(
    needs,
    ({ provider, account, vouched }, say, { organisation, host }) => {
      // Anything else could be words of a stranger in a mail of ours.
      const address = parseAddress(account)
      const key = vouched ? 'associationMail.account' : 'associationMail.accountCalled'
      return {
        subject: say('associationMail.subject', { organisation }),
        paragraphs: [
          say('associationMail.intro', { organisation, provider, host }),
          ...(address === null ? [] : [say(key, { account: address, provider })]),
          say('associationMail.yours'),
          say('associationMail.notYou', { organisation }),
        ],
      }
    },
  )
}
