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
      subject: text('subject'),
      body: text('body'),
    },
    files: form
      .getAll('files')
      .filter((value): value is File => value instanceof File && value.name !== ''),
  }
}

/** The mail that the form describes. */
export async function draftToMail({ draft, files }: SentForm): Promise<SendMailOptions> {
  return {
    from: draft.from,
    to: draft.to,
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
