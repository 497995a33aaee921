import type { RunningDemo } from './start-demo.ts'

/** What a newcomer does next: read the first message, answer it, send one from the page or from a terminal. */
export function renderGuide({ installation, mailboxUrl, providerUrl }: RunningDemo): string {
  const [{ host, port } = { host: '127.0.0.1', port: 2525 }] = installation.smtp
  return `
A first protected message waits for bob@example.org.

  Read it     open ${mailboxUrl}, save and open message.html, press Read the message,
              ask for a one-time passcode and look it up in the same mailbox${renderAccounts(providerUrl)}
  Answer it   in the portal, with Reply: the answer is sealed in the browser, and Alice has it in her mailbox as an
              ordinary mail; answer there, and Bob gets yours sealed
  Send one    on the same page, with New mail; or from a terminal:

  swaks --server ${host}:${port} --from alice@example.com --to bob@example.org --body 'Hello Bob'

  printf 'From: alice@example.com\\nTo: bob@example.org\\nSubject: Hello\\n\\nHello Bob\\n' |
    curl smtp://${host}:${port} --mail-from alice@example.com --mail-rcpt bob@example.org -T -

  python3 -c "import smtplib; smtplib.SMTP('${host}', ${port}).sendmail('alice@example.com',
    'bob@example.org', 'From: alice@example.com\\nTo: bob@example.org\\nSubject: Hello\\n\\nHello Bob')"

Mail from example.com to anyone outside is sealed; among its own it passes as it is.
Ctrl-C ends the demo.

`
}

/** Nothing where the simulated provider is not installed. */
function renderAccounts(providerUrl: string | null): string {
  if (providerUrl === null) return ''
  return `
              or sign in with Microsoft or Google: both are simulated at ${providerUrl},
              where you pick who you are`
}
