import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Decrypter, Encrypter } from 'age-encryption'
import { describe, expect, it } from 'vitest'
import { keyIdOf } from '../../../src/core/envelope/key-id.ts'
import { generateReplyKeyPair } from '../../../src/server/crypto/age-keys.ts'
import { generateSealingKeyPair } from '../../../src/server/crypto/mlkem768-x25519.ts'
import { generateSigningKeyPair } from '../../../src/server/crypto/ed25519.ts'
import { openGatewayKeys } from '../../../src/server/keys/gateway-keys.ts'
import { rootKey } from '../../../src/server/keys/root-key.ts'
import type { StoredKey } from '../../../src/server/store/store.ts'
import { DAY_MS, NOW_MS, ORGANISATIONS, installation } from './installation.ts'

/** A sealing key that the attacker knows, as a row that looks right. */
function attackersKey(like: StoredKey): StoredKey {
  const { publicKey } = generateSealingKeyPair()
  return { ...like, id: keyIdOf(like.organisationId, publicKey), publicKey }
}

async function currentSealingKey(here: Awaited<ReturnType<typeof installation>>) {
  const material = await here.gateway.materialFor('example', NOW_MS + DAY_MS, NOW_MS)
  const key = await here.store.organisationKeys.find(material.sealingKeyId)
  if (!key) throw new Error('the key is gone')
  return key
}

/** Another gateway on the same database, with nothing remembered. */
const freshGateway = (here: Awaited<ReturnType<typeof installation>>, trustedPortal?: string) =>
  openGatewayKeys({
    store: here.store,
    rootKey: here.gatewayRoot,
    organisations: ORGANISATIONS,
    trustedPortal: trustedPortal ?? here.portal.fingerprint(),
    clock: () => here.clockMs,
  })

describe('threat: who can write the database cannot read future mail', () => {
  it('refuses to seal with a key that was put in the place of the sealing key', async () => {
    const here = await installation()
    const genuine = await currentSealingKey(here)
    await here.store.organisationKeys.replace(attackersKey(genuine))
    const gateway = await freshGateway(here)
    await expect(gateway.materialFor('example', NOW_MS + DAY_MS, NOW_MS)).rejects.toMatchObject({
      code: 'untrusted-sealing-key',
    })
  })

  it('refuses a key that another certifying key vouches for', async () => {
    const here = await installation()
    const evil = await installation({ own: true })
    const stolen = await currentSealingKey(evil)
    const certifying = (await evil.store.organisationKeys.list('', 'certifying'))[0]
    if (!certifying) throw new Error('the key is missing')
    await here.store.organisationKeys.replace(stolen)
    await here.store.organisationKeys.replace(certifying)
    const gateway = await freshGateway(here)
    await expect(gateway.materialFor('example', NOW_MS + DAY_MS, NOW_MS)).rejects.toMatchObject({
      code: 'untrusted-sealing-key',
    })
  })

  it.each([
    ['organisation', { organisationId: 'other' }, 'other', DAY_MS, NOW_MS],
    ['class', { expiryClass: 'never' }, 'example', null, NOW_MS],
    ['month', { month: '2026-12' }, 'example', DAY_MS, Date.UTC(2026, 11, 5)],
  ] as const)(
    'refuses a genuine key that was moved to another %s',
    async (_, fields, organisation, lifeMs, atMs) => {
      const here = await installation()
      const genuine = await currentSealingKey(here)
      const id = 'organisationId' in fields ? keyIdOf('other', genuine.publicKey) : `${genuine.id}x`
      await here.store.organisationKeys.replace({ ...genuine, ...fields, id })
      const gateway = await freshGateway(here)
      await expect(
        gateway.materialFor(organisation, lifeMs === null ? null : atMs + lifeMs, atMs),
      ).rejects.toMatchObject({ code: 'untrusted-sealing-key' })
    },
  )

  it('takes the fingerprint from its own configuration and refuses to start without', async () => {
    const here = await installation()
    await expect(freshGateway(here, '')).rejects.toMatchObject({ code: 'no-trusted-portal' })
    const gateway = await freshGateway(here, randomBytes(32).toString('hex'))
    await expect(gateway.materialFor('example', null, NOW_MS)).rejects.toMatchObject({
      code: 'untrusted-portal',
    })
  })

  it('takes escrow recipients from the configuration alone', async () => {
    const here = await installation()
    const material = await here.gateway.materialFor('example', null, NOW_MS)
    expect(material.escrowRecipients).toEqual([])
  })

  it.each(['reply', 'signing'])(
    "refuses a %s key whose public half was exchanged for the attacker's",
    async purpose => {
      const here = await installation()
      const publicKey =
        purpose === 'reply'
          ? Buffer.from(generateReplyKeyPair().recipient)
          : generateSigningKeyPair().publicKey
      const database = new DatabaseSync(join(here.folder, 'zegel.db'))
      const changed = database
        .prepare('update organisation_keys set public_key = ? where purpose = ?')
        .run(publicKey, purpose)
      database.close()
      expect(changed.changes).toBe(ORGANISATIONS.length)
      await expect(freshGateway(here)).rejects.toMatchObject({ code: 'altered-key' })
    },
  )

  it('refuses to sign with a key that it did not wrap itself', async () => {
    const here = await installation()
    const signing = (await here.store.organisationKeys.list('example', 'signing'))[0]
    const { publicKey, privateKey } = generateSigningKeyPair()
    const id = keyIdOf('example', publicKey)
    const wrappedPrivateKey = rootKey(randomBytes(32)).wrap(privateKey, {
      id,
      purpose: 'signing',
      organisationId: 'example',
    })
    if (!signing) throw new Error('the key is missing')
    await here.store.organisationKeys.replace({ ...signing, id, publicKey, wrappedPrivateKey })
    await expect(freshGateway(here)).rejects.toMatchObject({ code: 'wrong-root-key' })
  })
})

describe('sealing material', () => {
  it.each([
    [1, 'month'],
    [31, 'month'],
    [32, 'quarter'],
    [92, 'quarter'],
    [365, 'year'],
    [366, 'year'],
    [367, 'two-years'],
    [731, 'two-years'],
    [732, 'never'],
    [null, 'never'],
  ])('for %s days is of the class %s', async (days, expiryClass) => {
    const here = await installation()
    const expiresAtMs = days === null ? null : NOW_MS + days * DAY_MS
    const material = await here.gateway.materialFor('example', expiresAtMs, NOW_MS)
    const key = await here.store.organisationKeys.find(material.sealingKeyId)
    expect(key).toMatchObject({ expiryClass, month: '2026-11', organisationId: 'example' })
    expect(key?.destroyAfterMs ?? Infinity).toBeGreaterThan(expiresAtMs ?? 0)
  })

  it('is another for each organisation and month', async () => {
    const { gateway } = await installation()
    const ids = await Promise.all([
      gateway.materialFor('example', null, NOW_MS),
      gateway.materialFor('other', null, NOW_MS),
      gateway.materialFor('example', null, Date.UTC(2026, 11, 1)),
      gateway.materialFor('example', null, Date.UTC(2027, 0, 31, 23, 59)),
    ])
    expect(new Set(ids.map(material => material.sealingKeyId)).size).toBe(4)
    expect(new Set(ids.map(material => material.signingKeyId)).size).toBe(2)
  })

  it('says that the portal has made no key when it was away for too long', async () => {
    const { gateway } = await installation()
    await expect(gateway.materialFor('example', null, Date.UTC(2027, 1, 1))).rejects.toMatchObject({
      code: 'no-sealing-key',
    })
    await expect(gateway.materialFor('nobody', null, NOW_MS)).rejects.toMatchObject({
      code: 'unknown-organisation',
    })
  })

  it('is never a key whose private half is gone: nobody could open what it seals', async () => {
    const here = await installation()
    const { organisationKeys } = here.store
    const list: typeof organisationKeys.list = async (organisationId, purpose) => {
      const keys = await organisationKeys.list(organisationId, purpose)
      return purpose === 'sealing' ? keys.map(key => ({ ...key, wrappedPrivateKey: null })) : keys
    }
    const store = { ...here.store, organisationKeys: { ...organisationKeys, list } }
    const gateway = await freshGateway({ ...here, store })
    await expect(gateway.materialFor('example', null, NOW_MS)).rejects.toMatchObject({
      code: 'no-sealing-key',
    })
  })

  it('does not keep a failure: it seals as soon as the portal has made the key', async () => {
    const { gateway, portal } = await installation()
    const atMs = Date.UTC(2027, 1, 1)
    await expect(gateway.materialFor('example', null, atMs)).rejects.toThrow('start the portal')
    await portal.ensureSealingKeys(atMs)
    await expect(gateway.materialFor('example', null, atMs)).resolves.toBeDefined()
  })

  it('follows a rotation by another process within a minute', async () => {
    const here = await installation()
    const before = await here.gateway.materialFor('example', null, NOW_MS)
    const other = await freshGateway(here)
    await other.rotate('example', NOW_MS)
    await here.portal.rotate('example', NOW_MS)
    expect(await here.gateway.materialFor('example', null, NOW_MS)).toBe(before)
    here.clockMs += 60_000
    const after = await here.gateway.materialFor('example', null, here.clockMs)
    expect(after.signingKeyId).not.toBe(before.signingKeyId)
    expect(after.sealingKeyId).not.toBe(before.sealingKeyId)
    expect(after.replyRecipient).not.toBe(before.replyRecipient)
  })
})

describe("the gateway's own keys", () => {
  it('give the same MAC on every node and after a restart', async () => {
    const here = await installation()
    const data = Buffer.from('message id')
    expect(here.gateway.mac(data)).toHaveLength(32)
    expect((await freshGateway(here)).mac(data)).toEqual(here.gateway.mac(data))
    expect(here.gateway.mac(Buffer.from('other'))).not.toEqual(here.gateway.mac(data))
  })

  it('open a reply that was sealed to its recipient, also after a rotation', async () => {
    const { gateway } = await installation()
    const { replyRecipient } = await gateway.materialFor('example', null, NOW_MS)
    const encrypter = new Encrypter()
    encrypter.addRecipient(replyRecipient)
    const reply = await encrypter.encrypt('dear Alice')
    await gateway.rotate('example', NOW_MS)
    const decrypter = new Decrypter()
    decrypter.addIdentity((await gateway.replyIdentity(replyRecipient)) ?? '')
    expect(await decrypter.decrypt(reply, 'text')).toBe('dear Alice')
    expect(await gateway.replyIdentity('age1pq1nobody')).toBeUndefined()
  })

  it('destroy the private half of a signing key that was rotated', async () => {
    const { gateway, store } = await installation()
    await gateway.rotate('example', NOW_MS + 5)
    const [old, fresh] = await store.organisationKeys.list('example', 'signing')
    expect(old).toMatchObject({ wrappedPrivateKey: null, retiredAtMs: NOW_MS + 5 })
    expect(fresh).toMatchObject({ retiredAtMs: null })
  })
})
