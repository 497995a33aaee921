// The stock `age` program, where the machine has one.
import { execFileSync, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateIdentity, identityToRecipient } from 'age-encryption'
import { describe, expect, it } from 'vitest'
import { generateReplyKeyPair } from '../../../src/server/crypto/age-keys.ts'
import { createOrganisation, sealWhole } from '../../support/sealed-message.ts'

const version = spawnSync('age', ['--version'], { encoding: 'utf8' })
const found = version.status === 0

/** Decrypts with the program; throws what it says. */
function decryptWithAge(file: Uint8Array, identity: string): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'zegel-age-'))
  try {
    writeFileSync(join(folder, 'identity.txt'), `${identity}\n`, { mode: 0o600 })
    writeFileSync(join(folder, 'message.age'), file)
    return execFileSync(
      'age',
      ['-d', '-i', join(folder, 'identity.txt'), join(folder, 'message.age')],
      { maxBuffer: 64 * 1024 * 1024, stdio: ['ignore', 'pipe', 'pipe'] },
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe.skipIf(!found)('the stock age program (skipped where there is none; Debian: age)', () => {
  it.each([0, 1, 65_536, 1_000_000])(
    'opens %i bytes with a classical escrow identity',
    async length => {
      const identity = await generateIdentity()
      const organisation = createOrganisation('example', [await identityToRecipient(identity)])
      const plain = randomBytes(length)
      const { ageFile } = await sealWhole(organisation, plain)
      expect(Buffer.compare(decryptWithAge(ageFile, identity), plain)).toBe(0)
    },
  )

  it('opens with a classical identity beside a post-quantum stanza', async () => {
    const identity = await generateIdentity()
    const recipients = [generateReplyKeyPair().recipient, await identityToRecipient(identity)]
    const { ageFile } = await sealWhole(createOrganisation('example', recipients), Buffer.from('x'))
    expect(decryptWithAge(ageFile, identity).toString()).toBe('x')
  })

  it('opens nothing for a stranger', async () => {
    const organisation = createOrganisation('example', [
      await identityToRecipient(await generateIdentity()),
    ])
    const { ageFile } = await sealWhole(organisation, Buffer.from('x'))
    const stranger = await generateIdentity()
    expect(() => decryptWithAge(ageFile, stranger)).toThrow(/no identity matched/)
  })
})
