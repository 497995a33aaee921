import { randomBytes } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createTransport } from 'nodemailer'
import type { Page } from 'playwright-core'
import { readAgeHeader } from '../../../src/core/envelope/open.ts'
import { readMessageHtml } from '../../../src/core/envelope/read-message-html.ts'
import {
  enterPasscode,
  messageShown,
  newReaderIn,
  newestMessageHtml,
  openFromDisk,
  passcodeButton,
  passcodeField,
  readPasscode,
  shownReference,
} from '../../end-to-end/support/reader.ts'
import type { Mailboxes } from '../../end-to-end/support/reader.ts'
import { signOut } from '../../end-to-end/support/accounts.ts'
import { launchChromium } from '../../support/browser.ts'
import type { ListedMail } from '../../support/test-installation.ts'
import { startSeparateRoles } from '../separate-roles.ts'
import type { SeparateRoles } from '../separate-roles.ts'
import { waitMs } from '../wait.ts'
import { filesIn } from './files-in.ts'
import { keptInBrowser } from './kept-in-browser.ts'
import type { KeptInBrowser } from './kept-in-browser.ts'
import { netLogFlags, readNetLog } from './net-log.ts'
import type { BrowserNetwork } from './net-log.ts'
import { openFiles, processRecord } from './process-record.ts'
import { storedRows } from './stored-rows.ts'
import type { Row } from './stored-rows.ts'
import type { Asked } from './process-record.ts'

const recordProcess = fileURLToPath(new URL('record-process.ts', import.meta.url))
const to = 'bob@recipient.test'

/** What must be nowhere but where it belongs; each different in every run. */
export interface Canaries {
  readonly subject: string
  readonly text: string
  readonly fileName: string
  readonly fileText: string
}

/** Of one process of the installation. */
export interface ObservedProcess {
  readonly asked: readonly Asked[]
  readonly openFiles: readonly string[]
  readonly output: string
}

/** Everything that was sent, kept and said while one mail was sealed, delivered, opened, read and closed. */
export interface ObservedReading {
  readonly canaries: Canaries
  readonly sealed: ReturnType<typeof readMessageHtml>
  readonly stanza: string
  readonly passcode: string
  /** Value of the cookie of the session. */
  readonly sessionCookie: string
  readonly roles: SeparateRoles
  readonly portal: ObservedProcess
  readonly gateway: ObservedProcess
  /** While both ran, by path in the folder of the installation; the write-ahead log of the database among them. */
  readonly filesRunning: ReadonlyMap<string, Buffer>
  /** After both had ended. */
  readonly filesAfter: ReadonlyMap<string, Buffer>
  /** Paths before the first mail. */
  readonly filesBefore: readonly string[]
  /** Rows of each table of the database, after both had ended. */
  readonly stored: ReadonlyMap<string, readonly Row[]>
  readonly browser: {
    /** Method and address of every request, refused ones too. */
    readonly requests: readonly string[]
    readonly network: BrowserNetwork
    readonly cookiesBeforePasscode: readonly string[]
    readonly keptWhileReading: KeptInBrowser
    readonly keptAfter: KeptInBrowser
  }
}

/** So that what is looked for in the traffic stands there as it is. */
const uncompressed = { extraHTTPHeaders: { 'accept-encoding': 'identity' } }

const random = (name: string): string => `${name}-${randomBytes(12).toString('hex')}`

/** @param atEnd as of `startSeparateRoles` */
export async function observeReading(
  atEnd: (end: () => unknown) => void,
): Promise<ObservedReading> {
  const canaries = {
    subject: random('subject'),
    text: random('text'),
    fileName: `${random('name')}.txt`,
    fileText: random('content'),
  }
  const roles = await startSeparateRoles({ nodeArgs: ['--import', recordProcess], atEnd })
  const filesBefore = [...(await filesIn(roles.folder)).keys()]
  await send(roles, canaries)
  const html = await newestMessageHtml(mailboxesOf(roles), to)
  const sealed = readMessageHtml(html)
  const read = await readInBrowser(roles, html, canaries.subject, atEnd)
  await pause(waitMs)
  const filesRunning = await filesIn(roles.folder)
  const [portalFiles, gatewayFiles] = [
    await openFiles(roles.portal.pid),
    await openFiles(roles.gateway.pid),
  ]
  await roles.gateway.stop()
  await roles.portal.stop()
  const observed = async (
    role: SeparateRoles['portal'],
    files: readonly string[],
  ): Promise<ObservedProcess> => ({
    asked: await processRecord(role),
    openFiles: files,
    output: role.output(),
  })
  return {
    canaries,
    sealed,
    stanza: readAgeHeader(sealed.ageFile).stanzaText,
    roles,
    portal: await observed(roles.portal, portalFiles),
    gateway: await observed(roles.gateway, gatewayFiles),
    filesBefore,
    filesRunning,
    filesAfter: await filesIn(roles.folder),
    stored: storedRows(join(roles.folder, 'zegel.db')),
    ...read,
  }
}

async function send({ smtpPort }: SeparateRoles, canaries: Canaries): Promise<void> {
  const transport = createTransport({ host: '127.0.0.1', port: smtpPort, ignoreTLS: true })
  const { subject, text, fileName, fileText } = canaries
  const attachments = [{ filename: fileName, content: fileText }]
  await transport.sendMail({ from: 'alice@example.com', to, subject, text, attachments })
  transport.close()
}

function mailboxesOf({ mailbox, folder }: SeparateRoles): Mailboxes {
  const api = `${mailbox.url}/api/messages`
  return {
    folder,
    mailboxApi: mailbox.url,
    listMails: async address =>
      (await (await fetch(`${api}?to=${address}`)).json()) as readonly ListedMail[],
    attachment: async (id, name) =>
      Buffer.from(await (await fetch(`${api}/${id}/attachments/${name}`)).arrayBuffer()),
  }
}

type Read = Pick<ObservedReading, 'passcode' | 'sessionCookie' | 'browser'>

async function readInBrowser(
  roles: SeparateRoles,
  html: Buffer,
  subject: string,
  atEnd: (end: () => unknown) => void,
): Promise<Read> {
  const disk = `${roles.folder}-reader`
  const netLog = join(disk, 'network.json')
  const file = join(disk, 'message.html')
  await mkdir(disk)
  await writeFile(file, html)
  // No rules about names here: Chromium does not write down what a rule answers.
  const flags = netLogFlags(netLog)
  const browser = await launchChromium(undefined, { flags })
  atEnd(() => rm(disk, { recursive: true, force: true }))
  atEnd(() => browser.close())
  const page = await newReaderIn(browser, uncompressed)
  const requests: string[] = []
  page.context().on('request', request => requests.push(`${request.method()} ${request.url()}`))
  const steps = await takeSteps(page, roles, file, subject)
  await browser.close()
  const network = await readNetLog(netLog)
  const { passcode, sessionCookie, ...kept } = steps
  return { passcode, sessionCookie, browser: { requests, network, ...kept } }
}

/** What the person does, with looks at what the browser keeps meanwhile. */
async function takeSteps(page: Page, roles: SeparateRoles, file: string, subject: string) {
  const mailboxes = mailboxesOf(roles)
  const cookies = async (): Promise<readonly string[]> =>
    (await page.context().cookies()).map(({ name }) => name)
  await openFromDisk(page, file)
  await passcodeButton(page).waitFor()
  const cookiesBeforePasscode = await cookies()
  await passcodeButton(page).click()
  await passcodeField(page).waitFor()
  const passcode = await readPasscode(mailboxes, to, await shownReference(page))
  await enterPasscode(page, mailboxes, to)
  await messageShown(page, subject)
  const keptWhileReading = await keptInBrowser(page)
  const session = (await page.context().cookies()).find(({ name }) => name.includes('session'))
  await signOut(page)
  const keptAfter = await keptInBrowser(page)
  return {
    passcode,
    sessionCookie: session?.value ?? '',
    cookiesBeforePasscode,
    keptWhileReading,
    keptAfter,
  }
}
