import { describe, expect, it } from 'vitest'
import type { DescribeAnswer, ReleaseAnswer } from '../../../src/core/api/messages.ts'
import { createReleaseReceiver } from '../../../src/core/envelope/release.ts'
import { openAgeFile } from '../../../src/core/envelope/open.ts'
import { joinShares } from '../../../src/core/envelope/share.ts'
import { BOB, CAROL, TEXT, sealHere } from '../keys/installation.ts'
import type { SealedMessage } from '../keys/installation.ts'
import { signIn } from './support/sign-in.ts'
import { testPortal } from './support/test-portal.ts'
import { visitor } from './support/visitor.ts'
import type { Visitor } from './support/visitor.ts'

/** As the reader page does it. */
async function read(who: Visitor, message: SealedMessage): Promise<string> {
  const receiver = await createReleaseReceiver()
  const browserKey = Buffer.from(receiver.publicKey).toString('base64')
  const response = await who.ask('/api/release', { json: { stanza: message.stanza, browserKey } })
  if (response.status !== 200) return ((await response.json()) as { code: string }).code
  const answer = (await response.json()) as ReleaseAnswer
  const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64'))
  const share = await receiver.open(
    { enc: bytes(answer.enc), ct: bytes(answer.ct) },
    message.stanza,
  )
  const fileKey = joinShares(share, message.envelopeShare)
  return Buffer.from(openAgeFile(message.ageFile, fileKey)).toString('utf8')
}

describe('reading a message', () => {
  it('goes from describe by passcode to the portal share, and the message opens', async () => {
    const test = await testPortal()
    const message = await sealHere(test.here)
    const bob = visitor(test.portal)
    const described = await bob.ask('/api/describe', { json: { stanza: message.stanza } })
    expect(described.status).toBe(200)
    expect((await described.json()) as DescribeAnswer).toMatchObject({
      organisation: { id: 'example', name: 'Example & Sons' },
      sender: { address: 'alice@example.com', name: 'Alice' },
      recipients: [{ index: 0, masked: 'b•••@example.net' }],
      methods: { passcode: true, providers: [] },
      signedIn: false,
    })
    expect(await read(bob, message)).toBe('sign-in-required')
    await signIn(test, bob, message.stanza, BOB)
    expect(await read(bob, message)).toBe(TEXT)
    const again = await bob.ask('/api/describe', { json: { stanza: message.stanza } })
    expect(((await again.json()) as DescribeAnswer).signedIn).toBe(true)
  })

  it('opens for a blind copy whose address was typed', async () => {
    const test = await testPortal()
    const message = await sealHere(test.here)
    const carol = visitor(test.portal)
    await signIn(test, carol, message.stanza, CAROL, { address: ' Carol@EXAMPLE.org ' })
    expect(await read(carol, message)).toBe(TEXT)
  })
})
