import { createNoticeMailer } from './notice-mail.ts'
import type { Notice, NoticeNeeds } from './notice-mail.ts'

/** Says to the address itself that a passkey opens its messages from now on. */
export type SendPasskeyNotice = (notice: Notice) => Promise<void>

export function createPasskeyMailer(needs: NoticeNeeds): SendPasskeyNotice {
  return createNoticeMailer(needs, (_notice, say, { organisation, host }) => ({
    subject: say('passkeyMail.subject', { organisation }),
    paragraphs: [
      say('passkeyMail.intro', { organisation, host }),
      say('passkeyMail.yours'),
      say('passkeyMail.notYou', { organisation }),
    ],
  }))
}
