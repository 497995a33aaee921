import type { Draft } from './pages/compose-page.ts'
import type { SendMailOptions } from 'nodemailer'

/** The compose form as it was sent. */
export interface SentForm {
  readonly draft: Draft
  readonly files: readonly File[]
}

export function readDraft(form: FormData): SentForm {
  const text = (name: string): string => {
    const value = form.get(name)
    return typeof value === 'string' ? value : ''
  }
  return {
    draft: {
      from: text('from').trim(),
      to: text('recipients').trim(),
      cc: text('cc').trim(),
      subject: text('subject'),
      body: text('body'),
      ...readAnswers(text),
    },
    files: form
      .getAll('files')
      .filter((value): value is File => value instanceof File && value.name !== ''),
  }
}

/** Nothing for a new mail. */
function readAnswers(text: (name: string) => string): Pick<Draft, 'answers'> {
  const mail = text('answers')
  if (mail === '') return {}
  const references = text('references').split(' ').filter(Boolean)
  return { answers: { mail, messageId: text('in-reply-to'), references } }
}

/** The chain of an answer. RFC 5322 §3.6.4 */
function thread({ answers }: Draft): Pick<SendMailOptions, 'inReplyTo' | 'references'> {
  const { messageId = '', references = [] } = answers ?? {}
  if (messageId === '') return {}
  const earlier = references.filter(id => id !== messageId)
  return { inReplyTo: messageId, references: [...earlier, messageId] }
}

/** The mail that the form describes. */
export async function draftToMail({ draft, files }: SentForm): Promise<SendMailOptions> {
  return {
    from: draft.from,
    to: draft.to,
    cc: draft.cc,
    ...thread(draft),
    subject: draft.subject,
    text: draft.body,
    attachments: await Promise.all(
      files.map(async file => ({
        filename: file.name,
        content: Buffer.from(await file.arrayBuffer()),
        ...(file.type === '' ? {} : { contentType: file.type }),
      })),
    ),
  }
}
