import { afterEach, describe, expect, it } from 'vitest'
import { EnvelopeError } from '../../../src/core/envelope/errors.ts'
import type { SealingMaterial } from '../../../src/core/envelope/seal.ts'
import { preparingThreads } from '../../../src/server/gateway/preparing-threads.ts'
import type { PreparingThreads } from '../../../src/server/gateway/preparing-threads.ts'
import { startSealedMail } from '../../../src/server/gateway/seal-mail.ts'
import type { SealMailRequest } from '../../../src/server/gateway/seal-mail.ts'
import { createPolicy, testNotice } from '../../support/sealed-message.ts'
import { makeTestKeys } from './support/test-keys.ts'

const keys = await makeTestKeys()
const mail = Buffer.from('From: a@example.com\r\nSubject: Hello\r\n\r\nAll good.\r\n')
const policy = createPolicy()

function requestWith(material: Partial<SealingMaterial> = {}): SealMailRequest {
  return {
    header: mail.subarray(0, mail.indexOf('All good')),
    policy,
    material: { ...keys.material(policy.organisationId), ...material },
    notice: testNotice,
    mac: keys.mac,
    nowMs: Date.now(),
  }
}

/** Cannot be prepared by who has no key of its own: shows where a mail was prepared. */
const notHere = requestWith({
  sign: () => {
    throw new Error('prepared in the thread of the mail')
  },
})

let threads: PreparingThreads | undefined
const faults: unknown[] = []
function start(more: { signing?: () => undefined } = {}): PreparingThreads {
  faults.length = 0
  threads = preparingThreads({
    keys: { ...keys.forThreads, ...more },
    onFault: fault => faults.push(fault),
    threads: 1,
  })
  return threads
}
async function started(): Promise<PreparingThreads> {
  const running = start()
  const isReady = (): Promise<boolean> =>
    running.prepare(notHere).then(
      () => true,
      () => false,
    )
  await expect.poll(isReady).toBe(true)
  return running
}
afterEach(() => threads?.close())

describe('threads that prepare mails', () => {
  it('prepare what is then sealed and opened like any other mail', async () => {
    const { prepare } = await started()
    const sealed = await startSealedMail(requestWith(), prepare)
    const wrapper = Buffer.concat([...sealed.push(mail), ...sealed.finish()])
    expect(Buffer.compare(await keys.open(wrapper), mail)).toBe(0)
  })

  it('seal a mail as a whole that is at hand as a whole', async () => {
    const { sealWhole } = await started()
    const body = mail.subarray(notHere.header.length)
    const wrappers = await Promise.all([sealWhole(notHere, body), sealWhole(notHere, body)])
    expect(wrappers[0]).not.toEqual(wrappers[1])
    for (const wrapper of wrappers) {
      expect(Buffer.compare(await keys.open(Buffer.from(wrapper)), mail)).toBe(0)
    }
  })

  it('give each mail keys and boundaries of its own', async () => {
    const { prepare } = await started()
    const [one, two] = await Promise.all([prepare(notHere), prepare(notHere)])
    expect(one.sealing.streamKey).not.toEqual(two.sealing.streamKey)
    expect(one.sealing.envelopeShare).not.toEqual(two.sealing.envelopeShare)
    expect(one.boundary).not.toBe(two.boundary)
  })

  it('leave mails to the thread they came in until one is ready, and where its key is not at hand', async () => {
    const before = start().prepare(notHere)
    await expect(before).rejects.toThrow('prepared in the thread of the mail')
    await threads?.close()
    const without = start({ signing: () => undefined })
    expect((await without.prepare(requestWith())).header.length).toBeGreaterThan(0)
    await expect(without.prepare(notHere)).rejects.toThrow('prepared in the thread of the mail')
    const whole = without.sealWhole(notHere, Buffer.from('All good.'))
    await expect(whole).rejects.toThrow('prepared in the thread of the mail')
  })

  it('say why a mail cannot be sealed, as the same error', async () => {
    const { prepare } = await started()
    const wrong = prepare(requestWith({ escrowRecipients: ['age1nobody'] }))
    await expect(wrong).rejects.toBeInstanceOf(EnvelopeError)
    await expect(wrong).rejects.toMatchObject({ code: 'bad-recipient' })
  })

  it('take what has changed since the last mail', async () => {
    const { prepare } = await started()
    for (let n = 0; n < 300; n++) {
      const notice = { ...testNotice, subject: `Subject number ${n}` }
      const { header } = await prepare({
        ...notHere,
        material: { ...notHere.material },
        notice,
      })
      expect(header).toContain(`Subject number ${n}\r\n`)
    }
  })

  it('fail the mails of a thread that ends; the next are prepared here', async () => {
    const { prepare, sealWhole } = await started()
    const notANotice = 1 as unknown as SealMailRequest['notice']
    const broken = prepare({ ...notHere, notice: notANotice })
    const beside = prepare(notHere)
    const whole = sealWhole(notHere, Buffer.from('All good.'))
    await expect(broken).rejects.toThrow('the preparing thread ended')
    await expect(beside).rejects.toThrow('the preparing thread ended')
    await expect(whole).rejects.toThrow('the preparing thread ended')
    expect(faults).toHaveLength(1)
    await expect(prepare(notHere)).rejects.toThrow('prepared in the thread of the mail')
    expect((await prepare(requestWith())).header.length).toBeGreaterThan(0)
  })
})
