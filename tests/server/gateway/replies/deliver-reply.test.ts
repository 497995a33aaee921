import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { allKeywords } from '../support/scripted-hop.ts'
import { ALICE, BOB, CAROL, DAVE, EVE, post } from '../support/test-replies.ts'
import { useReplies } from '../support/use-replies.ts'

const { start } = useReplies()
const secret = 'It is secret'

describe('a reply that the portal hands over', () => {
  it('reaches people inside as an ordinary mail and people outside sealed', async () => {
    const { hop, keys, answer, takenBy } = await start()
    const { status, body } = await answer({ head: { kind: 'reply-all', cc: [DAVE, CAROL] } })
    expect([status, body]).toEqual([200, { kind: 'reply-all' }])
    expect(hop.taken).toHaveLength(2)
    const [plain] = takenBy(ALICE)
    expect(plain?.to).toEqual([ALICE, DAVE])
    expect(plain?.content.includes(secret)).toBe(true)
    const [sealed] = takenBy(CAROL)
    expect(sealed?.to).toEqual([CAROL])
    expect(sealed?.content.includes(secret)).toBe(false)
    expect(
      (await keys.open(sealed?.content ?? Buffer.alloc(0))).equals(
        plain?.content ?? Buffer.alloc(1),
      ),
    ).toBe(true)
  })

  it('is sealed with what the answered message allowed, and names its writer', async () => {
    const { keys, answer, takenBy } = await start()
    const policy = {
      permissions: { reply: true, forward: true, print: false },
      assurance: 'account',
    } as const
    const proven = { address: BOB, method: 'account', assurance: 'mfa', provenAtMs: 5 } as const
    await answer({
      policy,
      head: { to: [CAROL], cc: [DAVE], copyToWriter: true },
      handOver: { writer: proven },
    })
    const made = await keys.policyIn(takenBy(CAROL)[0]?.content ?? Buffer.alloc(0))
    expect(made).toMatchObject({
      ...policy,
      senderName: 'Bob',
      writer: { address: BOB, method: 'account', assurance: 'mfa' },
      inside: [DAVE],
      recipients: [
        { address: CAROL, listed: true },
        { address: BOB, listed: false },
      ],
    })
    expect(made.sender).toMatch(/^bob=outside\.test\.[a-z2-7]{16}@replies\.example\.com$/)
  })

  it('gives the writer one copy alone when they stand among the recipients themselves', async () => {
    const { answer, takenBy } = await start()
    await answer({ head: { to: [ALICE, BOB], copyToWriter: true } })
    expect(takenBy(BOB)).toHaveLength(1)
    expect(takenBy(BOB)[0]?.to).toEqual([BOB])
  })

  it('carries attachments of several megabytes as they are', async () => {
    const { answer, takenBy } = await start()
    const content = randomBytes(3_000_000)
    const written = [
      { role: 'text', content: 'See there.' },
      { role: 'attachment', type: 'application/pdf', name: 'plan.pdf', content },
    ] as const
    expect((await answer({ written })).status).toBe(200)
    const mail = takenBy(ALICE)[0]?.content.toString('latin1') ?? ''
    const base64 = mail.replaceAll('\r\n', '')
    expect(base64).toContain(content.toString('base64').slice(0, -4))
  })

  it('leaves a journal row of what was sealed and an audit row of who answered', async () => {
    const { keys, make, gateway } = await start()
    const body = await make({ head: { to: [CAROL] } })
    await post(gateway.url, body)
    const [entry] = await keys.store.journal.list('example', { limit: 9 })
    expect(entry).toMatchObject({ sender: BOB, recipients: [CAROL] })
    const audit = await keys.store.audit.list('example', { limit: 9 })
    expect(audit).toMatchObject([{ event: 'replied', recipient: BOB, method: 'passcode' }])
  })

  it('that forwards says so in the audit and does not outlive what it forwards', async () => {
    const { keys, answer, takenBy } = await start({ policy: { default: { expires: 'never' } } })
    const expiresAtMs = Date.now() + 3_600_000
    const policy = { permissions: { reply: true, forward: true, print: true }, expiresAtMs }
    expect((await answer({ policy, head: { kind: 'forward', to: [EVE] } })).status).toBe(200)
    const audit = await keys.store.audit.list('example', { limit: 9 })
    expect(audit).toMatchObject([{ event: 'forwarded' }])
    const made = await keys.policyIn(takenBy(EVE)[0]?.content ?? Buffer.alloc(0))
    expect(made.expiresAtMs).toBe(expiresAtMs)
  })

  it('writes neither journal nor audit where they are off', async () => {
    const { keys, answer } = await start({ journal: false, audit: false })
    expect((await answer({ head: { to: [CAROL] } })).status).toBe(200)
    expect(await keys.store.journal.list('example', { limit: 9 })).toEqual([])
    expect(await keys.store.audit.list('example', { limit: 9 })).toEqual([])
  })
})

describe('threat: a bounce that would carry plaintext', () => {
  it('goes to the address that stands for the writer, and asks for headers alone', async () => {
    const { answer, hop } = await start()
    await answer({ head: { to: [ALICE, CAROL] } })
    expect(hop.taken).toHaveLength(2)
    for (const { from, mailLine } of hop.taken) {
      expect(from).toMatch(/^bob=outside\.test\.[a-z2-7]{16}@replies\.example\.com$/)
      expect(mailLine).toMatch(/ RET=HDRS\b/)
    }
  })

  it('has nowhere to go when no address can stand for the writer', async () => {
    const { answer, hop } = await start()
    const long = `${'b'.repeat(60)}@outside.test` as typeof BOB
    const policy = { recipients: [{ address: long, listed: true }] }
    const writer = {
      address: long,
      method: 'passcode',
      assurance: 'mailbox',
      provenAtMs: 1,
    } as const
    const { status } = await answer({ policy, head: { writer: long }, handOver: { writer } })
    expect(status).toBe(200)
    expect(hop.taken[0]?.mailLine).toMatch(/^MAIL FROM:<> /)
    expect(hop.taken[0]?.mailLine).not.toMatch(/RET=/)
  })

  it('says nothing of it to a next hop that does not know it', async () => {
    const keywords = allKeywords.filter(keyword => keyword !== 'DSN')
    const { answer, hop } = await start({}, { keywords })
    await answer()
    expect(hop.taken[0]?.mailLine).not.toMatch(/RET=/)
  })
})

describe('sizes', () => {
  it('are declared, and what comes is never longer', async () => {
    const { answer, hop } = await start()
    const content = randomBytes(200_000)
    const written = [
      { role: 'text', content: 'Grüße,\r\n.\r\nBob' },
      { role: 'attachment', type: 'image/png', name: 'a.png', content },
    ] as const
    await answer({ written, head: { to: [ALICE, CAROL] } })
    expect(hop.taken).toHaveLength(2)
    for (const { mailLine, content: mail } of hop.taken) {
      expect(mailLine).not.toMatch(/BODY=/)
      expect(mail.length).toBeLessThanOrEqual(Number(/ SIZE=(\d+)/.exec(mailLine)?.[1]))
      expect(mail.every(byte => byte < 128)).toBe(true)
    }
  })

  it('that the next hop does not take are told to the writer', async () => {
    const { answer, hop } = await start({}, { mail: () => '552 5.3.4 Too big' })
    const { status, body } = await answer()
    expect([status, body['code']]).toEqual([413, 'too-large'])
    expect(hop.taken).toEqual([])
  })
})

describe('what the next hop refuses', () => {
  it('is nobody’s: one recipient refused, with their position, refuses the reply', async () => {
    const rcpt = (line: string) => (line.includes('else.test') ? '550 5.1.1 Unknown' : undefined)
    const { answer, hop } = await start({}, { rcpt })
    const { status, body } = await answer({ head: { to: [ALICE], cc: [DAVE, CAROL] } })
    expect([status, body]).toMatchObject([422, { code: 'recipient-refused', recipients: [2] }])
    expect(hop.taken).toEqual([])
  })

  it.each([
    ['a recipient for now', { rcpt: () => '450 4.2.1 Later' }],
    ['the sender', { mail: () => '550 5.1.8 Unknown domain' }],
    ['every command', { mail: () => '421 4.3.2 Closing' }],
    ['DATA for now', { data: () => '451 4.3.0 Later' }],
    ['the mail for now', { dot: () => '451 4.3.0 Later' }],
  ])('when it is %s, is tried again later', async (_, script) => {
    const { answer, hop } = await start({}, script)
    const { status, body, headers } = await answer()
    expect([status, body['code']]).toEqual([503, 'replies-unavailable'])
    expect(Number(headers['retry-after'])).toBeGreaterThan(0)
    expect(hop.taken).toEqual([])
  })

  it('when it is the mail itself, names whom it was for', async () => {
    const { answer } = await start({}, { dot: () => '554 5.7.1 Looks like spam' })
    const { body } = await answer({ head: { to: [DAVE, ALICE] } })
    expect(body).toMatchObject({ code: 'recipient-refused', recipients: [0, 1] })
  })
})
