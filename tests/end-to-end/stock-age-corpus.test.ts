// Every mail of the corpus over real SMTP, sealed, taken out by `zegel extract`, opened by the stock `age` program.
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { generateIdentity, identityToRecipient } from 'age-encryption'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runProgram } from '../../src/server/commands/run-program.ts'
import { RawClient, sendOn } from '../server/gateway/support/raw-client.ts'
import { startTestInstallation } from '../support/test-installation.ts'
import type { TestInstallation } from '../support/test-installation.ts'

const corpus = fileURLToPath(new URL('../../../shared/corpus/mime/', import.meta.url))
const files = existsSync(corpus) ? globSync('**/*.eml', { cwd: corpus }).toSorted() : []
const hasAge = spawnSync('age', ['--version']).status === 0
const missing = hasAge ? '../shared/corpus is not there' : 'no age program; Debian: age'
const skip = files.length === 0 || !hasAge

/** SMTP ends the last line: RFC 5321 §4.1.1.4 */
function asSent(mail: Buffer): Buffer {
  const text = mail.toString('latin1')
  return text.endsWith('\r\n') ? mail : Buffer.from(`${text}\r\n`, 'latin1')
}

/** From of the organisation for every mail, so that none is refused for whom it claims to be from. */
function ofTheOrganisation(file: string): Buffer {
  const text = readFileSync(join(corpus, file)).toString('latin1')
  const renamed = text.replace(/^From(?=[ \t]*:)/gim, 'X-From')
  return Buffer.from(`From: alice@example.com\r\n${renamed}`, 'latin1')
}

describe.skipIf(skip)(
  `the corpus and the stock age program${skip ? ` (skipped: ${missing})` : ''}`,
  () => {
    let installation: TestInstallation
    let folder: string
    let client: RawClient

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'zegel-stock-age-'))
      const identity = await generateIdentity()
      await writeFile(join(folder, 'escrow.txt'), `${identity}\n`, { mode: 0o600 })
      installation = await startTestInstallation({
        config: {
          organisations: [
            {
              id: 'example',
              name: 'Example',
              domains: ['example.com'],
              escrowRecipients: [await identityToRecipient(identity)],
              allowClassicalEscrow: true,
            },
          ],
        },
      })
      client = await RawClient.connect(installation.smtp.port)
      await client.answer()
      await client.command('EHLO corpus.test')
    })

    afterAll(async () => {
      client.close()
      await installation.close()
      await rm(folder, { recursive: true })
    })

    /** `zegel extract FILE`, the shipped command, in this process. */
    async function extract(path: string): Promise<Buffer> {
      const stdout = new PassThrough()
      const stderr = new PassThrough()
      const nobody = { stdin: false, stdout: false, stderr: false }
      const terminal = { stdin: new PassThrough(), stdout, stderr, env: {}, interactive: nobody }
      const written = buffer(stdout)
      const args = ['extract', path, '--signature', `${path}.sig`]
      const status = await runProgram(args, { ...terminal, stopped: () => new Promise(() => {}) })
      stdout.end()
      expect(status, String(stderr.read())).toBe(0)
      return written
    }

    it.each(files)('%s comes out byte for byte', async file => {
      const mail = ofTheOrganisation(file)
      const to = `${String(files.indexOf(file))}@recipient.test`
      const { data } = await sendOn(client, { from: '', to: [to], mail })
      expect(data.text).toMatch(/^250/)
      const [sealed] = await installation.listMails(to)
      const path = join(folder, `${to}.html`)
      await writeFile(path, await installation.attachment(sealed?.id ?? '', 'message.html'))
      await writeFile(`${path}.age`, await extract(path))
      const opened = spawnSync('age', ['-d', '-i', join(folder, 'escrow.txt'), `${path}.age`], {
        maxBuffer: 64 * 1024 * 1024,
      })
      expect(opened.stderr.toString()).toBe('')
      expect(Buffer.compare(opened.stdout, asSent(mail))).toBe(0)
    })
  },
)
