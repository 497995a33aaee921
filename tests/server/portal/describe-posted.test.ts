import { describe, expect, it, vi } from 'vitest'
import { describePosted } from '../../../src/server/portal/handlers/describe-posted.ts'
import type { DescribePostedNeeds } from '../../../src/server/portal/handlers/describe-posted.ts'
import { DESCRIBE_POSTED_WITHIN_MS } from '../../../src/server/portal/limits.ts'
import { ALLOWANCES } from '../../../src/server/identity/limits.ts'
import { BOB, DAY_MS, sealHere } from '../keys/installation.ts'
import type { SealedMessage } from '../keys/installation.ts'
import { signIn } from './support/sign-in.ts'
import { testPortal } from './support/test-portal.ts'
import { visitor } from './support/visitor.ts'
import type { Visitor } from './support/visitor.ts'

/** As a browser posts message.html from a disk; the cookie comes along from a page of ours alone. */
const fromDisk = { 'content-type': 'text/plain', 'sec-fetch-site': 'cross-site', origin: 'null' }

const formOf = ({ ageFile }: SealedMessage): string =>
  `envelope=${Buffer.from(ageFile).toString('base64')}\r\nsignature=${'A'.repeat(86)}==\r\n`

/** What the page is told of the message that was posted to it. */
async function toldOf(who: Visitor, body: string): Promise<unknown> {
  const response = await who.ask('/open', { body, headers: fromDisk })
  expect(response.status).toBe(200)
  const block = /<script type="application\/json" id="description">(.*?)<\/script>/s
  return JSON.parse(block.exec(await response.text())?.[1] ?? 'null')
}

describe('the page that a message is posted to', () => {
  it('knows what it would ask, and of nobody’s session', async () => {
    const test = await testPortal()
    const message = await sealHere(test.here)
    const bob = visitor(test.portal)
    const asked = await bob.ask('/api/describe', { json: { stanza: message.stanza } })
    const described: unknown = await asked.json()
    expect(await toldOf(bob, formOf(message))).toEqual(described)
    await signIn(test, bob, message.stanza, BOB)
    expect(await toldOf(bob, formOf(message))).toMatchObject({ signedIn: false })
  })

  it('asks for itself what is refused, and hears why', async () => {
    const test = await testPortal()
    const message = await sealHere(test.here)
    const bob = visitor(test.portal)
    const { ageFile } = message
    const altered = Uint8Array.from(ageFile)
    altered.set([altered[200] === 65 ? 66 : 65], 200) // in the stanza's body
    for (const body of [
      formOf({ ...message, ageFile: altered }),
      formOf({ ...message, ageFile: ageFile.subarray(0, 100) }),
      formOf({ ...message, ageFile: Buffer.from('no age file') }),
    ])
      expect(await toldOf(bob, body)).toBeNull()
    expect(await toldOf(bob, formOf(message))).not.toBeNull()
    test.here.clockMs += 11 * DAY_MS
    expect(await toldOf(bob, formOf(message))).toBeNull() // it has expired
  })
})

describe('threat: posts from any site that use up what a network may ask', () => {
  it('take from an allowance of their own, and the page then asks', async () => {
    const test = await testPortal()
    const message = await sealHere(test.here)
    const bob = visitor(test.portal)
    const [{ count }] = ALLOWANCES['posted-network']
    const nothing = formOf({ ...message, ageFile: Buffer.from('no age file') })
    for (let i = 0; i < count; i += 1) await toldOf(bob, nothing)
    expect(await toldOf(bob, formOf(message))).toBeNull()
    const asked = await bob.ask('/api/describe', { json: { stanza: message.stanza } })
    expect(asked.status).toBe(200)
  })
})

describe('threat: a name that ends the block it stands in, or begins another', () => {
  it.each([
    '</script><script src="/x.js"></script>',
    '<!--<script>',
    '\u0000envelope\u0000',
    '\u2028\u2029"\\\ud800',
  ])('stays text: %j', async name => {
    const test = await testPortal()
    const message = await sealHere(test.here, { senderName: name })
    const bob = visitor(test.portal)
    const response = await bob.ask('/open', { body: formOf(message), headers: fromDisk })
    const page = await response.text()
    expect(page.match(/<script/g)).toHaveLength(4) // config, description, the reader, the envelope
    expect(page).not.toContain('/x.js"></script>')
    expect(page).not.toContain('\u0000')
    expect(await toldOf(bob, formOf(message))).toMatchObject({ sender: { name } })
  })
})

describe('threat: a database that hangs, and the posted messages that wait for it in memory', () => {
  it('answers without what it would say', async () => {
    vi.useFakeTimers()
    try {
      const needs = { take: () => new Promise(() => undefined) }
      const described = describePosted(
        needs as unknown as DescribePostedNeeds,
        new Uint8Array(0),
        '192.0.2.0/24',
      )
      await vi.advanceTimersByTimeAsync(DESCRIBE_POSTED_WITHIN_MS)
      expect(await described).toBeNull()
    } finally {
      vi.useRealTimers()
    }
  })
})
