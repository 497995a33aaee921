import { spawnSync } from 'node:child_process'
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { generateHybridIdentity, generateX25519Identity, identityToRecipient } from 'age-encryption'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { projectRoot, zegel } from './zegel.ts'
import type { Finished } from './zegel.ts'
import { zegelHere } from './zegel-here.ts'

const mail = Buffer.from(
  [
    'From: =?UTF-8?Q?Ren=C3=A9e?= <renee@example.com>',
    'To: Bob <bob@example.org>',
    'Cc: carol@example.net',
    'Bcc: dave@example.org',
    'Subject: Figures',
    'Message-ID: <1@example.com>',
    '',
    'Bare LF\nand\0bytes \xff of any kind, and a dot:',
    '.',
    '',
  ].join('\r\n'),
  'latin1',
)
/** What is sealed: the original without its Bcc. */
const sealedPlaintext = Buffer.from(
  mail.toString('latin1').replace('Bcc: dave@example.org\r\n', ''),
  'latin1',
)

/** In processes of their own where that is what is proven: what is piped, where they run, how they end. */
describe('zegel init, seal, extract, open', () => {
  let folder = ''
  let html = ''
  let wrapped: Finished
  let config: string[] = []
  const hasAge = spawnSync('age', ['--version']).status === 0

  const file = (name: string): string => `${folder}/${name}`

  beforeAll(async () => {
    folder = mkdtempSync(`${tmpdir()}/zegel-round-trip-`)
    const classical = await generateX25519Identity()
    const hybrid = await generateHybridIdentity()
    const other = await generateX25519Identity()
    writeFileSync(file('escrow.txt'), `# kept offline\n${classical}\n`)
    writeFileSync(file('hybrid.txt'), `${hybrid}\n`)
    writeFileSync(file('other.txt'), `${other}\n`)
    writeFileSync(file('hybrid.pub'), `# post-quantum\n${await identityToRecipient(hybrid)}\n`)
    const escrow = [
      '--escrow',
      await identityToRecipient(classical),
      '--escrow',
      file('hybrid.pub'),
    ]
    const made = await init(file('data'), [...escrow, '--allow-classical-escrow'])
    if (made.status !== 0) throw new Error(made.stderr)
    config = ['--config', file('data/zegel.yaml')]
    wrapped = await zegel(['seal', ...config, '--expires', '30d'], { input: mail })
    html = /\r\n(<!doctype html[^]*<\/html>)/i.exec(attachmentOf(wrapped))?.[1] ?? ''
    writeFileSync(file('message.html'), html)
  })

  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('makes keys that their owner alone can read, and a configuration that is right', async () => {
    for (const name of ['gateway.key', 'portal.key', 'zegel.db'])
      expect(statSync(file(`data/${name}`)).mode & 0o077).toBe(0)
    const { status, stdout } = await zegelHere(['keys', 'list', '--json', ...config])
    expect(status).toBe(0)
    const purposes = readJson(stdout).map(key => key['purpose'])
    expect(new Set(purposes)).toEqual(
      new Set([
        'association',
        'certifying',
        'cookie',
        'gateway-certifying',
        'mac',
        'passcode',
        'rate',
        'reply',
        'sealing',
        'signing',
      ]),
    )
  })

  it('writes over nothing that is there', async () => {
    const before = readFileSync(file('data/portal.key'))
    const { status, stderr } = await init(file('data'), ['--no-escrow'], zegel)
    expect(status).toBe(1)
    expect(stderr).toMatch(/^zegel: .*zegel\.yaml is there already; .*\n$/)
    expect(readFileSync(file('data/portal.key'))).toEqual(before)
  })

  it('asks for what no option says, and for an escrow key or an explicit no', async () => {
    const answers = ['Example', 'not a domain', 'example.com', '', '', 'age1nonsense', 'no', '']
    const { status, stderr } = await zegel(['init', '--data', file('asked')], {
      input: answers.join('\n'),
    })
    expect(status).toBe(0)
    expect(stderr).toContain('not a domain is no domain')
    expect(stderr).toContain('Escrow recipient')
    expect(stderr).toContain('is no age recipient')
    expect(readFileSync(file('asked/zegel.yaml'), 'utf8')).toContain('https://mail.example.com')
  })

  it('suggests an address that it takes itself, takes one from an address bar, and asks again for an escrow key', async () => {
    writeFileSync(file('empty.pub'), '# nothing\n')
    const asked = [file('nowhere.pub'), file('empty.pub'), file('hybrid.txt'), 'NO', '']
    for (const [name, url, expected] of [
      ['capitals', '', 'https://mail.example.com'],
      ['pasted', 'https://Post.example.com/', 'https://post.example.com'],
    ] as const) {
      const { stderr } = await zegelHere(['init', '--data', file(name)], {
        input: ['Example', 'Example.COM', url, '', ...asked].join('\n'),
      })
      expect(stderr).toContain('there is no such file; write age1pq1…')
      expect(stderr).toContain('the file holds no age recipient')
      expect(stderr).toContain('  AGE-SECRET-KEY-…: is the secret half')
      expect(stderr).not.toContain('AGE-SECRET-KEY-P')
      expect(readFileSync(file(`${name}/zegel.yaml`), 'utf8')).toContain(`url: ${expected} #`)
    }
  })

  it('refuses a wrong option before it asks anything, and a file without any escrow key', async () => {
    const { status, stderr } = await zegelHere(
      ['init', '--data', file('early'), '--smtp-listen', 'everywhere'],
      { input: '' },
    )
    expect(status).toBe(1)
    expect(stderr).toBe('zegel: --smtp-listen everywhere: write HOST:PORT, such as 127.0.0.1:25\n')
    const empty = await init(file('no-key'), ['--escrow', file('empty.pub')])
    expect(empty.status).toBe(1)
    expect(empty.stderr).toBe('zegel: --escrow the file holds no age recipient\n')
  })

  it('says in one line that its output does not fit on the disk', () => {
    const full = openSync('/dev/full', 'w')
    onTestFinished(() => closeSync(full))
    const { status, stderr } = spawnSync(process.execPath, [`${projectRoot}bin/zegel.js`], {
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    })
    expect(stderr).toBe('zegel: cannot write the output: the disk is full; it is not whole\n')
    expect(status).toBe(1)
  })

  it('leaves nothing behind when the questions are not answered', async () => {
    const { status, stderr } = await zegelHere(['init', '--data', file('unanswered')], {
      input: 'Example\n',
    })
    expect(status).toBe(1)
    expect(stderr).toContain('the input ended before every question was answered')
    expect(existsSync(file('unanswered/portal.key'))).toBe(false)
  })

  it('refuses a reply domain that is one of people inside, and leaves nothing behind', async () => {
    const { status, stderr } = await init(file('replies'), [
      '--no-escrow',
      '--reply-domain',
      'EXAMPLE.com',
    ])
    expect(status).toBe(1)
    expect(stderr).toContain('example.com is a domain of an organisation')
    expect(existsSync(file('replies/portal.key'))).toBe(false)
  })

  it('refuses a classical escrow key unless it is expressly allowed', async () => {
    const recipient = await identityToRecipient(await generateX25519Identity())
    const { status, stderr } = await init(file('classical'), ['--escrow', recipient])
    expect(status).toBe(1)
    expect(stderr).toContain('--allow-classical-escrow')
    expect(existsSync(file('classical/portal.key'))).toBe(false)
  })

  it('seals for To, Cc and Bcc, shows no word of the mail, and notes it in the journal', async () => {
    expect(wrapped.status).toBe(0)
    const text = wrapped.stdout.toString('latin1')
    expect(text).not.toMatch(/Figures|dave@|Bare LF/)
    const { stdout } = await zegelHere(['journal', '--json', ...config])
    expect(readJson(stdout)).toEqual([
      expect.objectContaining({
        sender: 'renee@example.com',
        recipients: ['bob@example.org', 'carol@example.net', 'dave@example.org'],
      }),
    ])
  })

  it.skipIf(!hasAge)('extracts an age file that the stock age program opens', async () => {
    const extracted = await zegel(['extract', file('message.html')], { cwd: folder })
    expect(extracted.stderr).toBe('')
    writeFileSync(file('message.age'), extracted.stdout)
    expect(statSync(file('message.age.sig')).size).toBe(64)
    const opened = spawnSync('age', ['-d', '-i', file('escrow.txt'), file('message.age')])
    expect(opened.stderr.toString()).toBe('')
    expect(opened.stdout).toEqual(sealedPlaintext)
  })

  it('extracts twice, but not over the signature of another message', async () => {
    const args = ['extract', file('message.html'), '--signature', file('kept.sig')]
    expect((await zegelHere(args)).status).toBe(0)
    expect((await zegelHere(args)).status).toBe(0)
    writeFileSync(file('kept.sig'), 'another')
    const { status, stdout, stderr } = await zegelHere(args)
    expect(status).toBe(1)
    expect(stdout).toHaveLength(0)
    expect(stderr).toContain('--signature')
    expect(readFileSync(file('kept.sig'), 'utf8')).toBe('another')
  })

  it.each(['escrow.txt', 'hybrid.txt'])('opens with %s, and says who signed', async identity => {
    const args = ['open', '--identity', file(identity), ...config, file('message.html')]
    const { status, stdout, stderr } = await zegelHere(args)
    expect(stderr).toMatch(/^verified: sealed by example \(key .*\)\n$/)
    expect(status).toBe(0)
    expect(stdout).toEqual(sealedPlaintext)
  })

  it('opens without the installation, with the exported public keys', async () => {
    const exported = await zegelHere(['keys', 'export-public', ...config])
    writeFileSync(file('public-keys.json'), exported.stdout)
    const keys = ['--keys', file('public-keys.json')]
    const args = ['open', '--identity', file('escrow.txt'), ...keys, file('message.html')]
    const { status, stdout } = await zegel(args, { cwd: tmpdir() })
    expect(status).toBe(0)
    expect(stdout).toEqual(sealedPlaintext)
  })

  it('writes nothing of a file that no known organisation has signed', async () => {
    await init(file('foreign'), ['--no-escrow'])
    const foreign = ['--config', file('foreign/zegel.yaml')]
    const args = ['open', '--identity', file('escrow.txt'), ...foreign, file('message.html')]
    const { status, stdout, stderr } = await zegelHere(args)
    expect(status).toBe(1)
    expect(stdout).toHaveLength(0)
    expect(stderr).toContain('no organisation in the public keys has signed this file')
  })

  it('writes nothing of an altered file', async () => {
    const at = html.indexOf('value="', html.indexOf('name="envelope"')) + 3000
    const altered = html.slice(0, at) + (html[at] === 'A' ? 'B' : 'A') + html.slice(at + 1)
    writeFileSync(file('altered.html'), altered)
    const args = ['open', '--identity', file('escrow.txt'), ...config, file('altered.html')]
    const { status, stdout } = await zegelHere(args)
    expect(status).toBe(1)
    expect(stdout).toHaveLength(0)
  })

  it.each([
    ['other.txt', 'was not sealed for the key'],
    ['message.html', 'no age identity'],
    ['missing.txt', 'there is no such file'],
  ])('says why %s opens nothing', async (identity, reason) => {
    const args = ['open', '--identity', file(identity), ...config, file('message.html')]
    const { status, stdout, stderr } = await zegelHere(args)
    expect(status).toBe(1)
    expect(stdout).toHaveLength(0)
    expect(stderr).toContain(reason)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  })

  it.each([
    ['From: a@example.com\n\nx', 'no recipient'],
    ['From: a@elsewhere.test\nTo: b@example.org\n\nx', 'elsewhere.test is not a domain'],
    ['From: a@example.com, b@example.com\nTo: c@example.org\n\nx', 'exactly one From'],
    ['', 'exactly one From'],
  ])('refuses to seal %j', async (input, reason) => {
    const { status, stdout, stderr } = await zegelHere(['seal', ...config], { input })
    expect(status).toBe(1)
    expect(stdout).toHaveLength(0)
    expect(stderr).toContain(reason)
  })

  it.each([
    ['--expires', '2w', '--expires 2w: write a number'],
    ['--expires', '9999d', '--expires 9999d'],
    ['--assurance', 'high', 'write mailbox, account or mfa'],
  ])('takes no %s %s', async (option, value, reason) => {
    const { status, stderr } = await zegelHere(['seal', ...config, option, value], { input: mail })
    expect(status).toBe(2)
    expect(stderr).toContain(reason)
  })

  it('rotates keys: what was sealed before opens after, and new mail has a new signing key', async () => {
    const rotated = await zegelHere(['keys', 'rotate', ...config])
    expect(rotated.stderr).toBe('')
    expect(rotated.status).toBe(0)
    const before = await zegelHere([
      'open',
      '--identity',
      file('escrow.txt'),
      ...config,
      file('message.html'),
    ])
    expect(before.stdout).toEqual(sealedPlaintext)
    const { stdout } = await zegelHere(['keys', 'list', '--json', ...config])
    const signing = readJson(stdout).filter(key => key['purpose'] === 'signing')
    expect(new Set(signing.map(key => key['state']))).toEqual(new Set(['current', 'destroyed']))
  })

  it('revokes a message that the journal knows, and none that it does not', async () => {
    const list = await zegelHere(['journal', '--json', ...config])
    const id = String(readJson(list.stdout)[0]?.['messageId'])
    const revoked = await zegelHere(['revoke', ...config, '--', id])
    expect(revoked.stdout.toString()).toBe(`${id} is revoked for everyone\n`)
    const unknown = await zegelHere(['revoke', ...config, 'A'.repeat(22)])
    expect(unknown.status).toBe(1)
    expect(unknown.stderr).toContain('the journal has no message')
  })

  it('copies the database and puts it back, but not over another unless told', async () => {
    const copied = await zegelHere(['backup', ...config, file('copy.db')])
    expect(copied.stderr).toBe('')
    expect(statSync(file('copy.db')).mode & 0o077).toBe(0)
    const refused = await zegelHere(['restore', ...config, file('copy.db')])
    expect(refused.status).toBe(1)
    expect(refused.stderr).toContain('is there already')
    const restored = await zegelHere(['restore', '--replace', ...config, file('copy.db')])
    expect(restored.stderr).toBe('')
    const { stdout } = await zegelHere(['journal', '--json', ...config])
    expect(readJson(stdout)).toHaveLength(1)
  })
})

const init = (
  folder: string,
  more: readonly string[],
  run: (args: readonly string[]) => Promise<Finished> = zegelHere,
): Promise<Finished> => {
  const flags = {
    '--data': folder,
    '--organisation': 'Example',
    '--domain': 'example.com',
    '--portal-url': 'https://mail.example.com',
    '--next-hop': '127.0.0.1:10026',
  }
  return run(['init', ...Object.entries(flags).flat(), ...more])
}

/** Everything from message.html on. */
function attachmentOf({ stdout }: Finished): string {
  const text = stdout.toString('latin1')
  return text.slice(text.indexOf('filename="message.html"'))
}

const readJson = (bytes: Buffer): Record<string, unknown>[] =>
  JSON.parse(bytes.toString('utf8')) as Record<string, unknown>[]
