import { setTimeout as delay } from 'node:timers/promises'
import { openAgeFile, readAgeHeader } from '../../../src/core/envelope/open.ts'
import { readMessageHtml } from '../../../src/core/envelope/read-message-html.ts'
import { createReleaseReceiver } from '../../../src/core/envelope/release.ts'
import { joinShares } from '../../../src/core/envelope/share.ts'
import { programReader } from '../../end-to-end/support/program-reader.ts'
import type { Answered, ProgramReader } from '../../end-to-end/support/program-reader.ts'
import { messageHtml } from '../../server/gateway/support/test-keys.ts'
import { within } from './within.ts'

const waitMs = 50

interface Message {
  readonly ageFile: Uint8Array
  readonly share: Uint8Array
  readonly stanza: string
}

/** A reader with one message and a session, whom no restart of the portal stops. */
export class KeyReader {
  readonly #reader: ProgramReader
  readonly #port: number
  readonly #message: Message

  private constructor(reader: ProgramReader, port: number, message: Message) {
    this.#reader = reader
    this.#port = port
    this.#message = message
  }

  /** Reads the passcode in the mailbox. */
  static async signIn(port: number, mailbox: () => readonly Buffer[]): Promise<KeyReader> {
    const mail = found(() => mailbox().find(isSealed))
    const message = readMessage(await within(mail, () => 'no sealed mail in the mailbox'))
    const reader = programReader(`http://localhost:${port}`)
    const { stanza } = message
    await wanted(reader.ask('/api/describe', { stanza }, { port }), 200)
    const wish = { stanza, recipient: { index: 0 }, locale: 'en' }
    const asked = await wanted(reader.ask('/api/passcodes', wish, { port }), 201)
    const passcode = found(() =>
      mailbox()
        .map(passcodeOf)
        .find(each => each !== undefined),
    )
    const code = await within(passcode, () => 'no passcode in the mailbox')
    const proof = { challenge: asked.json['challenge'], code, privateComputer: false }
    await wanted(reader.ask('/api/passcodes/verify', proof, { port }), 200)
    return new KeyReader(reader, port, message)
  }

  /** The mail, decrypted with the portal's share; null while the portal is away. @throws when it refuses */
  async tryRelease(): Promise<string | null> {
    const { stanza, ageFile, share } = this.#message
    const receiver = await createReleaseReceiver()
    const browserKey = Buffer.from(receiver.publicKey).toString('base64')
    const asking = this.#reader.ask('/api/release', { stanza, browserKey }, { port: this.#port })
    const answer = await within(
      asking.catch(() => null),
      () => 'the portal does not answer to /api/release',
    )
    if (answer === null) return null
    if (answer.status !== 200) throw new Error(`release: ${JSON.stringify(answer.json)}`)
    const bytes = (name: string) => Buffer.from(String(answer.json[name]), 'base64')
    const portalShare = await receiver.open({ enc: bytes('enc'), ct: bytes('ct') }, stanza)
    return Buffer.from(openAgeFile(ageFile, joinShares(portalShare, share))).toString()
  }
}

const passcodeOf = (mail: Buffer) => /^(\d{8})\s*$/m.exec(mail.toString())?.[1]

const isSealed = (mail: Buffer) => mail.includes('filename="message.html"')

function readMessage(mail: Buffer): Message {
  const { ageFile, share } = readMessageHtml(messageHtml(mail))
  if (share === null) throw new Error('the message has no share')
  return { ageFile, share, stanza: readAgeHeader(ageFile).stanzaText }
}

async function found<T>(look: () => T | undefined): Promise<T> {
  for (;;) {
    const it = look()
    if (it !== undefined) return it
    await delay(waitMs)
  }
}

async function wanted(asking: Promise<Answered>, status: number): Promise<Answered> {
  const answer = await asking
  if (answer.status !== status) throw new Error(`${answer.status}: ${JSON.stringify(answer.json)}`)
  return answer
}
