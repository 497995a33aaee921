import { Unzip } from 'fflate'
import { describe, expect, it } from 'vitest'
import { parseAddress } from '../../../src/core/address/address.ts'
import { fileKind, mayRun } from '../../../src/browser/viewer/letter/file-kind.ts'
import {
  checkSender,
  nameMisleads,
  othersThan,
  remarksOn,
} from '../../../src/browser/viewer/letter/sender-check.ts'
import { toLetter } from '../../../src/browser/viewer/letter/to-letter.ts'
import { zipFiles } from '../../../src/browser/viewer/letter/zip-files.ts'
import type { ShownMailbox } from '../../../src/browser/viewer/mail/parse-mail.ts'

const mailbox = (address: string, changes: Partial<ShownMailbox> = {}): ShownMailbox => ({
  name: '',
  address,
  canonical: parseAddress(address),
  group: null,
  ambiguous: false,
  ...changes,
})

describe('remarks on a sender', () => {
  const alias = 'bob=outside.org.x1@replies.example.com'
  const ofBob = {
    from: [mailbox(alias, { name: 'Bob (bob@outside.org, external)', ambiguous: true })],
    sender: [],
    replyTo: [mailbox('bob@outside.org')],
  }
  const bob = { sender: { address: 'bob@outside.org', name: 'Bob' } }
  const writer = { method: 'passcode', assurance: 'mailbox' } as const

  it('are none of a message from outside: the gateway wrote From and Reply-To for the verified writer', () => {
    expect(remarksOn(ofBob, { ...bob, writer })).toBeNull()
  })

  it('are made of the same header when nobody was verified as a writer from outside', () => {
    expect(remarksOn(ofBob, bob)).toMatchObject({ check: { kind: 'differs' } })
  })

  it('are made of a message from outside that leads elsewhere, or whose writer takes a misleading name', () => {
    const elsewhere = { ...ofBob, replyTo: [mailbox('mallory@evil.example')] }
    expect(remarksOn(elsewhere, { ...bob, writer })).toMatchObject({ check: { kind: 'differs' } })
    const posing = { sender: { address: 'bob@outside.org', name: 'Example (example.com)' }, writer }
    expect(remarksOn(ofBob, posing)).toMatchObject({ misleading: 'Example (example.com)' })
  })
})

describe('checkSender: nothing but the verified sender is shown as the sender', () => {
  const verified = 'alice@example.com'

  it('takes the same address, however it is written', () => {
    expect(checkSender([mailbox('Alice@EXAMPLE.com')], verified)).toEqual({ kind: 'same' })
  })

  it('says so when the message names another sender', () => {
    expect(checkSender([mailbox('mallory@evil.example', { name: 'Alice' })], verified)).toEqual({
      kind: 'differs',
      inner: ['Alice <mallory@evil.example>'],
    })
  })

  it('says so when it names several', () => {
    const both = [mailbox('alice@example.com'), mailbox('mallory@evil.example')]
    expect(checkSender(both, verified)).toMatchObject({ kind: 'several' })
  })

  it('says so when it names none that can be read, or one that can be read in two ways', () => {
    expect(checkSender([], verified)).toEqual({ kind: 'unreadable' })
    expect(checkSender([mailbox(verified, { ambiguous: true })], verified)).toEqual({
      kind: 'unreadable',
    })
  })

  it('says so when the name poses as an address, a site or a mark of approval', () => {
    const from = mailbox(verified, { name: 'boss@bank.example', ambiguous: true })
    expect(checkSender([from], verified)).toEqual({ kind: 'misleads', name: 'boss@bank.example' })
    for (const name of [
      'Alice <ceo@bank.example>',
      'ceo\uff20bank.example',
      'paypal.com',
      'Support (my-bank.nl)',
      '\u2714 Verified sender',
      '\u{1F512} Bank',
      'Al\u0456ce', // a Cyrillic letter
      '\u0391lice', // a Greek one
    ])
      expect(nameMisleads(name), name).toBe(true)
  })

  it('leaves the names of people alone', () => {
    for (const name of [
      '',
      'Alice de Vries',
      'J.R.R. Tolkien',
      'A.Smith',
      'Dr. Bob (Cardiology)',
      '\u0410\u043b\u0438\u0441\u0430 / Alisa',
      '\u738b\u5c0f\u660e',
      "O'Brien-M\u00fcller",
    ])
      expect(nameMisleads(name), name).toBe(false)
  })

  it('tells where answers would go when it is elsewhere', () => {
    expect(othersThan(verified, [mailbox('x@elsewhere.example')])).toEqual(['x@elsewhere.example'])
    expect(othersThan(verified, [mailbox('ALICE@example.com')])).toBeNull()
    expect(othersThan(verified, [])).toBeNull()
  })
})

describe('toLetter', () => {
  const part = (name: string, content: string): string =>
    `--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="${name}"\r\n\r\n${content}\r\n`
  const mail = (...parts: readonly string[]): Buffer =>
    Buffer.from(
      `From: alice@example.com\r\nSubject: Files\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nText\r\n${parts.join('')}--b--\r\n`,
    )

  it('hands attachments out byte for byte', async () => {
    const { attachments } = await toLetter(mail(part('a.bin', 'x\r\ny')))
    expect(attachments).toHaveLength(1)
    expect(await attachments[0]?.bytes.text()).toBe('x\r\ny')
  })

  it('gives no two files the same name, whatever the case', async () => {
    const { attachments } = await toLetter(
      mail(part('a.txt', '1'), part('A.txt', '2'), part('a.txt', '3')),
    )
    expect(attachments.map(({ name }) => name)).toEqual(['a.txt', 'A (2).txt', 'a (3).txt'])
  })

  it('threat: ten thousand files of one name, and of one more, are each tried once', async () => {
    const names = (count: number, name: string): string[] =>
      Array.from({ length: count }, () => name)
    const files = [...names(4000, 'a.txt'), ...names(4000, 'a (2).txt'), ...names(1000, 'A.TXT')]
    const { attachments } = await toLetter(mail(...files.map(name => part(name, ''))))
    expect(new Set(attachments.map(({ name }) => name.toLowerCase())).size).toBe(9000)
    expect(attachments.at(-1)?.name).toMatch(/^A \(\d{4}\)\.TXT$/)
  }, 10_000)

  it('gives no address of a file a type: none is opened as a page, nor drawn when it could stop ours', async () => {
    const picture = (type: string, id: string): string =>
      `--b\r\nContent-Type: ${type}\r\nContent-ID: <${id}>\r\n\r\n<svg/>\r\n`
    const html = '--b\r\nContent-Type: text/html\r\n\r\n<img src=cid:a><img src=cid:b>\r\n'
    const pictures = [picture('image/svg+xml', 'a'), picture('image/png', 'b')]
    const { inline, attachments } = await toLetter(mail(html, ...pictures))
    expect([...inline].map(([id, { type }]) => [id, type])).toEqual([
      ['a', ''],
      ['b', ''],
    ])
    expect(attachments.map(one => [one.type, one.inline])).toEqual([
      ['image/svg+xml', false],
      ['image/png', true],
    ])
  })

  it('threat: a picture that takes all memory is a file, and not drawn in the letter', async () => {
    const gif = (side: string, id: string): string =>
      `--b\r\nContent-Type: image/gif\r\nContent-ID: <${id}>\r\n\r\nGIF89a${side}${side}\r\n`
    const html = '--b\r\nContent-Type: text/html\r\n\r\n<img src=cid:a><img src=cid:b>\r\n'
    const { inline, attachments } = await toLetter(mail(html, gif('0u', 'a'), gif('0\0', 'b')))
    expect([...inline.keys()]).toEqual(['b'])
    expect(attachments).toHaveLength(2)
  })

  it('offers an invitation once that was sent among the alternatives and as a file', async () => {
    const invitation = (disposition: string): string =>
      `--b\r\nContent-Type: text/calendar\r\n${disposition}\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n`
    const attached = 'Content-Disposition: attachment; filename=invite.ics\r\n'
    const alternatives = mail(invitation(''))
      .toString()
      .replace('multipart/mixed', 'multipart/alternative')
    expect((await toLetter(Buffer.from(alternatives))).attachments).toHaveLength(1)
    const both = Buffer.from(alternatives.replace('--b--', `${invitation(attached)}--b--`))
    expect((await toLetter(both)).attachments).toHaveLength(1)
  })

  it('takes names for the same that one file system takes for the same', async () => {
    const names = ['caf\u00e9.txt', 'cafe\u0301.txt'].map(name => encodeURIComponent(name))
    const files = names.map(name => part('', '').replace('filename=""', `filename*=UTF-8''${name}`))
    const { attachments } = await toLetter(mail(...files))
    expect(attachments.map(({ name }) => name)).toEqual(['caf\u00e9.txt', 'cafe\u0301 (2).txt'])
  })

  it('reads whatever bytes it is given', async () => {
    for (const bytes of ['', '\0', '\r', 'no header', '--b\r\n'])
      await expect(toLetter(Buffer.from(bytes))).resolves.toBeDefined()
  })
})

describe('zipFiles', () => {
  it('keeps every file under its name and in its order, whatever the name means elsewhere', async () => {
    const names = ['b.txt', '__proto__', 'constructor', '7', 'résumé.txt', 'toString']
    const zip = await zipFiles(names.map(name => ({ name, bytes: new Blob([`in ${name}`]) })))
    const found: [string, string][] = []
    const unzip = new Unzip(file => {
      file.ondata = (_, data) => found.push([file.name, Buffer.from(data).toString('utf8')])
      file.start()
    })
    unzip.push(new Uint8Array(await zip.arrayBuffer()), true)
    const whole = found.filter(([, text]) => text !== '')
    expect(whole).toEqual(names.map(name => [name, `in ${name}`]))
  })
})

describe('what a file is called', () => {
  it('names its kind', () => {
    expect(fileKind('Report.pdf', 'application/pdf')).toEqual({ kind: 'ending', ending: 'PDF' })
    expect(fileKind('x.eml', 'message/rfc822')).toEqual({ kind: 'message' })
    expect(fileKind('invite.ics', 'text/calendar')).toEqual({ kind: 'calendar' })
    expect(fileKind('README', 'text/plain')).toEqual({ kind: 'file' })
  })

  it('knows what may run, whatever its type claims and however its ending is hidden', () => {
    for (const name of [
      'a.exe',
      'a.pdf.EXE',
      'a.js',
      'page.html',
      'picture.svg',
      'a.docm',
      'a.lnk',
      'a.exe ',
    ])
      expect(mayRun(name), name).toBe(true)
    for (const name of ['a.pdf', 'a.txt', 'exe', 'a.exe.pdf'])
      expect(mayRun(name), name).toBe(false)
  })
})
