import { expect, test } from 'vitest'
import { openAgeFile, readAgeHeader } from '../../src/core/envelope/open.ts'
import { readMessageHtml } from '../../src/core/envelope/read-message-html.ts'
import { createReleaseReceiver } from '../../src/core/envelope/release.ts'
import {
  browserOf,
  canary,
  messageHtml,
  postEnvelope,
  readAsBrowser,
  sendMail,
} from './read-as-browser.ts'
import type { Ask } from './read-as-browser.ts'
import { installationInProcess } from './read-in-process.ts'

const bob = 'bob@recipient.test'
const carol = 'carol@recipient.test'

async function askForKey(ask: Ask, ageFile: Uint8Array) {
  const { publicKey } = await createReleaseReceiver()
  const browserKey = Buffer.from(publicKey).toString('base64')
  const answer = await ask('/api/release', {
    stanza: readAgeHeader(ageFile).stanzaText,
    browserKey,
  })
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}

test('who has proven one address gets no key to what was sent to another, and envelopes cannot be swapped', async () => {
  const here = await installationInProcess()
  const htmls: Buffer[] = []
  for (const to of [bob, carol]) {
    await sendMail(here, to)
    htmls.push(await messageHtml(here, to))
  }
  const [ofBob = Buffer.of(), ofCarol = Buffer.of()] = htmls
  const [bobs, carols] = [readMessageHtml(ofBob), readMessageHtml(ofCarol)]
  const reading = await readAsBrowser(here, ofBob, { to: bob })
  expect(Buffer.from(reading.plain).toString()).toContain(canary)
  expect((await askForKey(reading.ask, bobs.ageFile)).status).toBe(200)

  const refused = await askForKey(reading.ask, carols.ageFile)
  expect(refused).toMatchObject({ status: 403, body: { code: 'not-a-recipient' } })
  for (const released of ['enc', 'ct', 'signingKey', 'sender'])
    expect(refused.body).not.toHaveProperty(released)

  const headerOf = (file: Uint8Array): number => readAgeHeader(file).length
  const swapped = Buffer.concat([
    bobs.ageFile.subarray(0, headerOf(bobs.ageFile)),
    carols.ageFile.subarray(headerOf(carols.ageFile)),
  ])
  expect(() => openAgeFile(swapped, reading.fileKey)).toThrow(/altered-content/)
  expect(() => openAgeFile(carols.ageFile, reading.fileKey)).toThrow(/wrong-key/)
})

test('who has proven nothing gets no key and sees no word of a message', async () => {
  const here = await installationInProcess()
  await sendMail(here, bob)
  const html = await messageHtml(here, bob)
  const page = await postEnvelope(here, html)
  const ask = browserOf(here, {})
  const { ageFile } = readMessageHtml(html)
  const stanza = readAgeHeader(ageFile).stanzaText
  const described = await (await ask('/api/describe', { stanza })).text()
  expect(described).toContain('b•••@recipient.test')
  const refused = await askForKey(ask, ageFile)
  expect(refused).toMatchObject({ status: 401, body: { code: 'sign-in-required' } })
  for (const shown of [page, described, JSON.stringify(refused.body)]) {
    expect(shown).not.toContain(canary)
    expect(shown).not.toContain(bob)
  }
})
