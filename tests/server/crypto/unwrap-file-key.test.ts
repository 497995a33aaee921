import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import { describe, expect, it } from 'vitest'
import { parseHeader } from '../../../src/core/envelope/age-header.ts'
import { generateReplyKeyPair } from '../../../src/server/crypto/age-keys.ts'
import { unwrapFileKey } from '../../../src/server/crypto/unwrap-file-key.ts'

const key = generateReplyKeyPair()
const other = generateReplyKeyPair()

async function headerFor(...recipients: readonly string[]): Promise<Uint8Array> {
  const encrypter = new Encrypter()
  for (const recipient of recipients) encrypter.addRecipient(recipient)
  const file = await encrypter.encrypt(Buffer.from('x'))
  return file.subarray(0, parseHeader(file).length)
}

describe('the file key of a reply', () => {
  it('is the one that the age library finds', async () => {
    const header = await headerFor(key.recipient)
    const decrypter = new Decrypter()
    decrypter.addIdentity(key.identity)
    const expected = await decrypter.decryptHeader(header)
    expect(Buffer.from(await unwrapFileKey(parseHeader(header), key.identity))).toEqual(
      Buffer.from(expected),
    )
  })

  it('is not found with another identity, nor in an altered header', async () => {
    const header = Buffer.from(await headerFor(key.recipient))
    const found = (bytes: Uint8Array, identity: string) =>
      unwrapFileKey(parseHeader(bytes), identity)
    await expect(found(header, other.identity)).rejects.toMatchObject({ code: 'wrong-key' })
    const mac = header.lastIndexOf('--- ') + 4
    const altered = Buffer.from(header)
    altered.write(altered.subarray(mac, mac + 1).toString() === 'A' ? 'B' : 'A', mac)
    await expect(found(altered, key.identity)).rejects.toMatchObject({ code: 'wrong-key' })
  })

  it('is looked for in one post-quantum stanza alone', async () => {
    const classical = await identityToRecipient(await generateX25519Identity())
    for (const recipients of [[key.recipient, other.recipient], [classical]]) {
      const header = parseHeader(await headerFor(...recipients))
      await expect(unwrapFileKey(header, key.identity)).rejects.toMatchObject({
        code: 'damaged-message',
      })
    }
  })

  it('needs an identity', async () => {
    const header = parseHeader(await headerFor(key.recipient))
    for (const identity of ['', key.recipient, key.identity.slice(0, -1)])
      await expect(unwrapFileKey(header, identity)).rejects.toMatchObject({ code: 'bad-recipient' })
  })
})
