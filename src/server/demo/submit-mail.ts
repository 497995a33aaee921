import { createTransport } from 'nodemailer'
import type { SendMailOptions } from 'nodemailer'

/** Where the gateway takes mail in. */
export interface GatewayAddress {
  readonly host: string
  readonly port: number
}

/** What the gateway said. */
export type SubmitAnswer =
  | { readonly accepted: true; readonly reply: string; readonly refused: readonly string[] }
  | { readonly accepted: false; readonly reply: string }

/** Against a gateway that never answers; it has 30 s for each step of the next hop. */
const TIMEOUT_MS = 60_000

/** Sends one mail over SMTP, as any mail program on this machine would. */
export async function submitMail(
  gateway: GatewayAddress,
  mail: SendMailOptions,
): Promise<SubmitAnswer> {
  const transport = createTransport({
    ...gateway,
    name: 'localhost',
    // On loopback, and the demo's gateway has no certificate.
    ignoreTLS: true,
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  try {
    const { response, rejectedErrors = [] } = await transport.sendMail(mail)
    return { accepted: true, reply: response, refused: rejectedErrors.map(smtpWords) }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return { accepted: false, reply: smtpWords(error) }
  } finally {
    transport.close()
  }
}

/** The server's own line when there is one, else what went wrong on the way to it. */
function smtpWords(error: Error): string {
  const response: unknown = 'response' in error ? error.response : undefined
  return typeof response === 'string' && response !== '' ? response : error.message
}
