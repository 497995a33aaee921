import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openAgeFile } from '../../../src/core/envelope/open.ts'
import { joinShares } from '../../../src/core/envelope/share.ts'
import { openGatewayKeys } from '../../../src/server/keys/gateway-keys.ts'
import { listKeys } from '../../../src/server/keys/list-keys.ts'
import { openPortalKeys } from '../../../src/server/keys/portal-keys.ts'
import { rootKey } from '../../../src/server/keys/root-key.ts'
import { openStore } from '../../../src/server/store/open-store.ts'
import {
  BOB,
  NOW_MS,
  ORGANISATIONS,
  TEXT,
  installation,
  openHere,
  proofOf,
  sealHere,
} from './installation.ts'

const holds = (all: Buffer, part: Uint8Array | string): boolean => all.includes(Buffer.from(part))

const GATEWAY = new Set(['signing', 'reply', 'mac', 'gateway-certifying'])

describe('two root keys', () => {
  it("neither role can unwrap the other's keys", async () => {
    const { store, gatewayRoot, portalRoot } = await installation()
    const keys = await store.organisationKeys.all()
    expect(new Set(keys.map(key => key.purpose))).toEqual(
      new Set(['sealing', 'certifying', 'cookie', 'passcode', 'rate', 'association', ...GATEWAY]),
    )
    for (const key of keys) {
      const wrapped = key.wrappedPrivateKey ?? new Uint8Array(0)
      const [own, foreign] = GATEWAY.has(key.purpose)
        ? [gatewayRoot, portalRoot]
        : [portalRoot, gatewayRoot]
      expect(own.unwrap(wrapped, key).length).toBeGreaterThan(0)
      expect(() => foreign.unwrap(wrapped, key)).toThrow('wrapped by another root key')
    }
  })

  it('says at the start that a root key is the wrong one', async () => {
    const { store, portal } = await installation()
    const common = { store, organisations: ORGANISATIONS, clock: () => NOW_MS }
    const wrong = rootKey(randomBytes(32))
    await expect(
      openPortalKeys({ ...common, rootKey: wrong, trustedGateways: ['ab'.repeat(32)] }),
    ).rejects.toMatchObject({
      code: 'wrong-root-key',
    })
    const trustedPortal = portal.fingerprint()
    await expect(
      openGatewayKeys({ ...common, rootKey: wrong, trustedPortal }),
    ).rejects.toMatchObject({ code: 'wrong-root-key' })
  })

  it('writes no unwrapped key to any file', async () => {
    const { store, folder, gatewayRoot, portalRoot } = await installation()
    const keys = await store.organisationKeys.all()
    const files = await Promise.all(
      (await readdir(folder)).map(name => readFile(join(folder, name))),
    )
    const everything = Buffer.concat(files)
    expect(holds(everything, keys[0]?.wrappedPrivateKey ?? '')).toBe(true)
    for (const key of keys) {
      const root = GATEWAY.has(key.purpose) ? gatewayRoot : portalRoot
      const secret = root.unwrap(key.wrappedPrivateKey ?? new Uint8Array(0), key)
      expect(holds(everything, secret)).toBe(false)
      expect(holds(everything, Buffer.from(secret).toString('base64'))).toBe(false)
    }
  })

  it('keeps its secrets and fingerprint when it is opened again', async () => {
    const here = await installation()
    const again = await here.reopenPortal()
    expect(again.fingerprint()).toBe(here.portal.fingerprint())
    for (const name of ['rate', 'association'] as const)
      expect(again.secret(name)).toEqual(here.portal.secret(name))
    for (const name of ['cookie', 'passcode'] as const)
      expect(await again.ring(name).all()).toEqual(await here.portal.ring(name).all())
    const { secret: cookie } = await again.ring('cookie').current()
    expect(cookie).not.toEqual((await again.ring('passcode').current()).secret)
  })

  it('makes one set of keys when many nodes start at once', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'zegel-nodes-'))
    const url = `sqlite:${join(folder, 'zegel.db')}`
    const stores = await Promise.all(Array.from({ length: 4 }, () => openStore(url)))
    const root = rootKey(randomBytes(32))
    const portals = await Promise.all(
      stores.map(store =>
        openPortalKeys({
          store,
          rootKey: root,
          organisations: ORGANISATIONS,
          trustedGateways: ['ab'.repeat(32)],
          clock: () => NOW_MS,
        }),
      ),
    )
    expect(new Set(portals.map(portal => portal.fingerprint())).size).toBe(1)
    const secrets = await Promise.all(
      portals.map(async portal => (await portal.ring('cookie').current()).id),
    )
    expect(new Set(secrets).size).toBe(1)
    const sealing = await stores[0]?.organisationKeys.list('example', 'sealing')
    expect(sealing).toHaveLength(3 * 5)
    await Promise.all(stores.map(store => store.close()))
    await rm(folder, { recursive: true })
  })
})

describe('the portal cannot read the mail (protocol.md §0)', () => {
  it('with its database, its root key and the record: the envelope share is nowhere', async () => {
    const here = await installation()
    const message = await sealHere(here)
    expect(await openHere(here, message, [proofOf(BOB)])).toBe(TEXT)
    const opened = await here.portal.openStanza(message.stanza)
    if (!opened.ok) throw new Error(opened.code)
    const { portalShare } = opened.record
    const guesses = [portalShare, joinShares(portalShare, new Uint8Array(16)), randomBytes(16)]
    for (const guess of guesses)
      expect(() => openAgeFile(message.ageFile, guess)).toThrow('wrong-key')
    const files = await Promise.all(
      (await readdir(here.folder)).map(name => readFile(join(here.folder, name))),
    )
    const fileKey = joinShares(portalShare, message.envelopeShare)
    for (const secret of [message.envelopeShare, fileKey, portalShare])
      for (const encoding of ['latin1', 'hex', 'base64', 'base64url'] as const) {
        const text = Buffer.from(secret).toString(encoding).replace(/=+$/, '')
        const written = encoding === 'latin1' ? secret : text
        expect(holds(Buffer.concat(files), written)).toBe(false)
        expect(holds(Buffer.from(JSON.stringify(opened.record)), message.envelopeShare)).toBe(false)
      }
  })

  it('nor does the envelope share alone open anything', async () => {
    const here = await installation()
    const message = await sealHere(here)
    const guesses = [message.envelopeShare, joinShares(message.envelopeShare, randomBytes(16))]
    for (const guess of guesses)
      expect(() => openAgeFile(message.ageFile, guess)).toThrow('wrong-key')
  })
})

describe('list', () => {
  it('shows whose each key is, its state, and nothing private', async () => {
    const { store, portal, gateway } = await installation()
    await gateway.rotate('example', NOW_MS)
    const listed = await listKeys(store.organisationKeys)
    const certifying = listed.find(key => key.purpose === 'certifying')
    expect(certifying?.fingerprint).toBe(portal.fingerprint())
    const signing = listed.filter(
      key => key.purpose === 'signing' && key.organisationId === 'example',
    )
    expect(signing.map(key => `${key.owner} ${key.state}`).toSorted()).toEqual([
      'gateway current',
      'gateway destroyed',
    ])
    expect(Object.keys(certifying ?? {})).not.toContain('wrappedPrivateKey')
  })
})
