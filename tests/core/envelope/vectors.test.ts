import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Decrypter } from 'age-encryption'
import { beforeAll, describe, expect, it } from 'vitest'
import { verifyFileSignature } from '../../../src/core/envelope/file-signature.ts'
import { openAgeFile, readAgeHeader } from '../../../src/core/envelope/open.ts'
import { readPostedEnvelope } from '../../../src/core/envelope/posted-envelope.ts'
import { readMessageHtml } from '../../../src/core/envelope/read-message-html.ts'
import { readRecord } from '../../../src/core/envelope/record.ts'
import { openStanza } from '../../../src/core/envelope/sealed-stanza.ts'
import { joinShares, parseShare } from '../../../src/core/envelope/share.ts'
import { parseStanza } from '../../../src/core/envelope/stanza.ts'
import { ed25519Verifier } from '../../../src/server/crypto/ed25519.ts'
import { nodeHpke } from '../../../src/server/crypto/node-hpke.ts'
import { makeVectors } from '../../vectors/make-vectors.ts'

const folder = new URL('../../vectors/', import.meta.url)
const bytes = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(name, folder)))
const text = (name: string): string => readFileSync(new URL(name, folder), 'utf8')
const decode = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'))

interface Keys {
  readonly sealing: { readonly id: string; readonly seed: string }
  readonly signing: { readonly id: string; readonly publicKey: string }
  readonly escrow: Readonly<Record<'postQuantum' | 'classical', { readonly identity: string }>>
}
const keys = JSON.parse(text('keys.json')) as Keys
const shares = JSON.parse(text('shares.json')) as Readonly<Record<string, string>>
const file = JSON.parse(text('file.json')) as { headerBytes: number; signature: string }
const publicKey = decode(keys.signing.publicKey)
const original = bytes('original.eml')
const fileKey = decode(shares['fileKey'] ?? '')

describe('test vectors', () => {
  let made: Awaited<ReturnType<typeof makeVectors>>
  beforeAll(async () => {
    made = await makeVectors()
  })

  const names = [
    'keys.json',
    'shares.json',
    'record.json',
    'stanza.txt',
    'file.json',
    'loop-mark.json',
    'original.eml',
    'message.age',
    'message.html',
    'wrapper.eml',
    'posted.txt',
    'classical-escrow.age',
    'classical-escrow.signature',
    'three-chunks.age',
    'three-chunks.signature',
  ]
  it.each(names)('%s is what make-vectors.ts makes', name => {
    expect(Buffer.from(bytes(name)).toString('latin1')).toBe(made.get(name)?.toString('latin1'))
  })

  it('has no other file', () => {
    expect([...made.keys()].toSorted()).toEqual(names.toSorted())
  })

  it('shares.json: the shares join to the file key', () => {
    const envelopeShare = parseShare(shares['fragment'] ?? '')
    if (envelopeShare === null) throw new Error('no share')
    expect(joinShares(decode(shares['portalShare'] ?? ''), envelopeShare)).toEqual(fileKey)
  })

  it('stanza.txt opens to record.json', async () => {
    const { record, padded } = JSON.parse(text('record.json')) as { record: object; padded: string }
    const stanza = parseStanza(text('stanza.txt'))
    if (stanza === null) throw new Error('no stanza')
    expect(stanza.keyId).toBe(keys.sealing.id)
    const opened = await openStanza(nodeHpke, decode(keys.sealing.seed), stanza)
    expect(Buffer.from(opened).toString('base64')).toBe(padded)
    const read = readRecord(opened).verify(ed25519Verifier(publicKey))
    expect({ ...read, portalShare: Buffer.from(read.portalShare).toString('base64url') }).toEqual(
      record,
    )
  })

  it('message.html, posted.txt and message.age hold the same file, signed', async () => {
    const read = readMessageHtml(bytes('message.html'))
    const posted = readPostedEnvelope(bytes('posted.txt'))
    expect(Buffer.from(read.ageFile)).toEqual(Buffer.from(bytes('message.age')))
    expect(Buffer.from(Buffer.from(posted.envelope).toString('latin1'), 'base64')).toEqual(
      Buffer.from(read.ageFile),
    )
    expect(posted.signature).toBe(file.signature)
    expect(readAgeHeader(read.ageFile)).toMatchObject({
      length: file.headerBytes,
      stanzaText: text('stanza.txt'),
    })
    expect(await verifyFileSignature(read.ageFile, decode(file.signature), publicKey)).toBe(true)
    expect(openAgeFile(read.ageFile, fileKey)).toEqual(original)
  })

  it('message.age opens through age-encryption with the post-quantum escrow identity', async () => {
    const decrypter = new Decrypter()
    decrypter.addIdentity(keys.escrow.postQuantum.identity)
    expect(await decrypter.decrypt(bytes('message.age'))).toEqual(original)
  })

  it.each(['classical-escrow', 'three-chunks'])(
    '%s.age opens through age-encryption, signed',
    async name => {
      const decrypter = new Decrypter()
      decrypter.addIdentity(keys.escrow.classical.identity)
      const plain = await decrypter.decrypt(bytes(`${name}.age`))
      expect(plain).toEqual(openAgeFile(bytes(`${name}.age`), fileKey))
      expect(
        await verifyFileSignature(
          bytes(`${name}.age`),
          decode(text(`${name}.signature`)),
          publicKey,
        ),
      ).toBe(true)
    },
  )

  const withAge = spawnSync('age', ['--version']).status === 0
  it.skipIf(!withAge)(
    'classical-escrow.age opens with the stock age program (skipped where there is none)',
    () => {
      const temporary = mkdtempSync(join(tmpdir(), 'zegel-vectors-'))
      try {
        writeFileSync(join(temporary, 'identity'), `${keys.escrow.classical.identity}\n`)
        const path = fileURLToPath(new URL('classical-escrow.age', folder))
        const plain = execFileSync('age', ['-d', '-i', join(temporary, 'identity'), path])
        expect(new Uint8Array(plain)).toEqual(original)
      } finally {
        rmSync(temporary, { recursive: true })
      }
    },
  )
})
