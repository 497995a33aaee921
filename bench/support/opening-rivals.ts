import { createHash, randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import * as age from 'age-encryption'
import * as openpgp from 'openpgp'
import type { Browser, Page } from 'playwright-core'
import { build } from 'vite'
import { fileSignatureInput } from '../../src/core/envelope/file-signature.ts'
import { ed25519Signer, generateSigningKeyPair } from '../../src/server/crypto/ed25519.ts'
import type { OpenerName, OpeningTask } from './opening-in-page.ts'
import { sealPlainFile } from './seal-plain-file.ts'

const origin = 'https://bench.test'

/** One mail, as each of the openers takes it. */
export interface PreparedMail {
  readonly task: OpeningTask
  readonly mailBytes: number
  readonly files: ReadonlyMap<string, Buffer>
}

/** The same mail as an age file with our signature, as an OpenPGP message and as an age file for a recipient. */
export async function prepareMail(mail: Buffer): Promise<PreparedMail> {
  const ours = await sealForUs(mail)
  const pgp = await sealOpenpgp(mail)
  const identity = await age.generateX25519Identity()
  const encrypter = new age.Encrypter()
  encrypter.addRecipient(await age.identityToRecipient(identity))
  const url = (kind: string): string => `${origin}/${mail.length}.${kind}`
  return {
    mailBytes: mail.length,
    task: {
      zegel: { url: url('zegel'), secrets: ours.secrets },
      openpgp: { url: url('openpgp'), privateKey: pgp.privateKey },
      age: { url: url('age'), identity },
    },
    files: new Map([
      [url('zegel'), ours.file],
      [url('openpgp'), pgp.file],
      [url('age'), Buffer.from(await encrypter.encrypt(mail))],
    ]),
  }
}

async function sealForUs(mail: Buffer): Promise<{ file: Buffer; secrets: number[][] }> {
  const fileKey = randomBytes(16)
  const file = sealPlainFile(mail, fileKey)
  const { publicKey, privateKey } = generateSigningKeyPair()
  const digest = createHash('sha256').update(file).digest()
  const signature = ed25519Signer(privateKey)(fileSignatureInput(digest))
  return { file, secrets: [signature, fileKey, publicKey].map(bytes => [...bytes]) }
}

async function sealOpenpgp(mail: Buffer): Promise<{ file: Buffer; privateKey: string }> {
  const config = {
    aeadProtect: true,
    preferredAEADAlgorithm: openpgp.enums.aead.gcm,
    preferredCompressionAlgorithm: openpgp.enums.compression.uncompressed,
  }
  const pair = await openpgp.generateKey({
    type: 'curve25519',
    userIDs: [{ email: 'bob@example.org' }],
    format: 'object',
    config: { ...config, v6Keys: true },
  })
  const message = await openpgp.createMessage({ binary: mail })
  const file = await openpgp.encrypt({
    message,
    encryptionKeys: pair.publicKey,
    format: 'binary',
    config,
  })
  return { file: Buffer.from(file as Uint8Array), privateKey: pair.privateKey.armor() }
}

export type TimeOpening = (name: OpenerName, mail: PreparedMail) => Promise<number>

/** A page of a secure origin with all three openers in it. */
export async function startOpeners(
  browser: Browser,
  mails: readonly PreparedMail[],
): Promise<TimeOpening> {
  const page = await (await browser.newContext()).newPage()
  const files = new Map(mails.flatMap(mail => [...mail.files]))
  await page.route(`${origin}/**`, route => {
    const body = files.get(route.request().url())
    return route.fulfill(
      body === undefined ? { contentType: 'text/html', body: '<!doctype html>' } : { body },
    )
  })
  await page.goto(`${origin}/`)
  await page.addScriptTag({ content: await bundleOpeners(), type: 'module' })
  return (name, mail) => timeInPage(page, name, mail)
}

function timeInPage(page: Page, name: OpenerName, mail: PreparedMail): Promise<number> {
  return page.evaluate(
    ({ name, task, mailBytes }) =>
      (
        globalThis as unknown as {
          timeOpening(name: string, task: unknown, mailBytes: number): Promise<number>
        }
      ).timeOpening(name, task, mailBytes),
    { name, task: mail.task, mailBytes: mail.mailBytes },
  )
}

async function bundleOpeners(): Promise<string> {
  const entry = fileURLToPath(new URL('opening-in-page.ts', import.meta.url))
  const built = await build({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    build: {
      write: false,
      target: 'esnext',
      modulePreload: false,
      rolldownOptions: {
        input: entry,
        output: { format: 'es', codeSplitting: false, entryFileNames: 'openers.js' },
      },
    },
  })
  const [output] = Array.isArray(built) ? built : [built]
  const chunk = output !== undefined && 'output' in output ? output.output[0] : undefined
  if (chunk?.type !== 'chunk') throw new Error('the openers were not bundled')
  return chunk.code
}
