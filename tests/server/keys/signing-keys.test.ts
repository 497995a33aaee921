import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { keyIdOf } from '../../../src/core/envelope/key-id.ts'
import { ed25519Signer, generateSigningKeyPair } from '../../../src/server/crypto/ed25519.ts'
import { certify } from '../../../src/server/keys/certificate.ts'
import { openGatewayCertifier } from '../../../src/server/keys/gateway-certifier.ts'
import { openGatewayKeys } from '../../../src/server/keys/gateway-keys.ts'
import { newStoredKey } from '../../../src/server/keys/own-keys.ts'
import { openPortalKeys } from '../../../src/server/keys/portal-keys.ts'
import { rootKey } from '../../../src/server/keys/root-key.ts'
import type { StoredKey } from '../../../src/server/store/store.ts'
import {
  BOB,
  type Installation,
  NOW_MS,
  ORGANISATIONS,
  TEXT,
  installation,
  openHere,
  policyFor,
  proofOf,
  seal,
  sealHere,
} from './installation.ts'

/** A signing key of somebody who can write the database and nothing else, with what seals under it. */
async function forge(here: Installation, certificate: (key: StoredKey) => Uint8Array | null) {
  const pair = generateSigningKeyPair()
  const fields = { organisationId: 'example', purpose: 'signing', createdAtMs: NOW_MS } as const
  const key = newStoredKey(pair, { ...fields, retiredAtMs: NOW_MS }, rootKey(randomBytes(32)))
  await here.store.organisationKeys.add({ ...key, certificate: certificate(key) })
  const policy = policyFor()
  const genuine = await here.gateway.materialFor('example', policy.expiresAtMs, NOW_MS)
  const material = { ...genuine, signingKeyId: key.id, sign: ed25519Signer(pair.privateKey) }
  return seal({ ...policy, replyRecipient: material.replyRecipient }, material)
}

const signingKey = async ({ store }: Installation): Promise<StoredKey> => {
  const key = (await store.organisationKeys.list('example', 'signing'))[0]
  if (key === undefined) throw new Error('the key is missing')
  return key
}

const trusted = ({ gateway }: Installation): readonly string[] => [gateway.fingerprint()]

const portalThatTrusts = (here: Installation, trustedGateways: readonly string[]) =>
  openPortalKeys({
    store: here.store,
    rootKey: here.portalRoot,
    organisations: ORGANISATIONS,
    trustedGateways,
    clock: () => here.clockMs,
  })

describe('threat: a signing key slipped into the database', () => {
  it('is not believed without a certificate', async () => {
    const here = await installation()
    const message = await forge(here, () => null)
    expect(await openHere(here, message, [proofOf(BOB)])).toBe('bad-envelope')
  })

  it('is not believed with a certificate of another certifying key that was slipped in beside it', async () => {
    const here = await installation()
    const certifying = generateSigningKeyPair()
    const fields = {
      organisationId: '',
      purpose: 'gateway-certifying',
      createdAtMs: NOW_MS,
    } as const
    const slipped = newStoredKey(certifying, fields, rootKey(randomBytes(32)))
    await here.store.organisationKeys.replace(slipped)
    const message = await forge(here, key => certify(key, ed25519Signer(certifying.privateKey)))
    expect(await openHere(here, message, [proofOf(BOB)])).toBe('bad-envelope')
  })

  it('is not believed with the certificate of a genuine key, or as that of a sealing key', async () => {
    const here = await installation()
    const { certificate } = await signingKey(here)
    const stolen = await forge(here, () => certificate)
    expect(await openHere(here, stolen, [proofOf(BOB)])).toBe('bad-envelope')
    const sealing = (await here.store.organisationKeys.list('example', 'sealing'))[0]
    const asSealing = await forge(here, () => sealing?.certificate ?? null)
    expect(await openHere(here, asSealing, [proofOf(BOB)])).toBe('bad-envelope')
  })

  it('is believed with a certificate of the trusted gateway: so the refusals above are for want of it', async () => {
    const here = await installation()
    const keys = here.store.organisationKeys
    const needs = { keys, rootKey: here.gatewayRoot, clock: () => NOW_MS }
    const certifier = await openGatewayCertifier(needs)
    const message = await forge(here, key => certify(key, certifier.sign))
    expect(await openHere(here, message, [proofOf(BOB)])).toBe(TEXT)
  })

  it('is not believed when the genuine key was moved to another organisation', async () => {
    const here = await installation()
    const { sign } = await here.gateway.materialFor('example', null, NOW_MS)
    const material = await here.gateway.materialFor('other', null, NOW_MS)
    const genuine = await signingKey(here)
    const id = keyIdOf('other', genuine.publicKey)
    await here.store.organisationKeys.replace({ ...genuine, id, organisationId: 'other' })
    const moved = await here.store.organisationKeys.find(id)
    expect(moved?.certificate).toEqual(genuine.certificate)
    const portal = await portalThatTrusts(here, trusted(here))
    const forged = await seal(
      { ...policyFor({ organisationId: 'other' }), replyRecipient: material.replyRecipient },
      { ...material, signingKeyId: id, sign },
    )
    expect(await portal.openStanza(forged.stanza)).toEqual({ ok: false, code: 'bad-envelope' })
  })
})

describe('a portal', () => {
  it('refuses to start without a gateway to trust, and says the line to add', async () => {
    const here = await installation()
    await expect(portalThatTrusts(here, [])).rejects.toMatchObject({
      code: 'no-trusted-gateway',
      message: expect.stringContaining(`trustedGateways: ['${here.gateway.fingerprint()}']`),
    })
  })

  it('opens nothing of a gateway that it does not trust', async () => {
    const here = await installation()
    const { stanza } = await sealHere(here)
    const portal = await portalThatTrusts(here, ['ab'.repeat(32)])
    expect(await portal.openStanza(stanza)).toEqual({ ok: false, code: 'bad-envelope' })
  })

  it('goes on opening what was signed before a rotation, and before the gateway got another certifying key', async () => {
    const here = await installation()
    const before = await sealHere(here)
    const old = here.gateway.fingerprint()
    await here.gateway.rotate('example', NOW_MS)
    const certifying = (await here.store.organisationKeys.list('', 'gateway-certifying'))[0]
    await here.store.organisationKeys.retire(certifying?.id ?? '', NOW_MS)
    const gateway = await openGatewayKeys({
      store: here.store,
      rootKey: here.gatewayRoot,
      organisations: ORGANISATIONS,
      trustedPortal: here.portal.fingerprint(),
      clock: () => NOW_MS,
    })
    expect(gateway.fingerprint()).not.toBe(old)
    const after = await sealHere({ ...here, gateway })
    const opens = async (trustedGateways: readonly string[]) => {
      const portal = await portalThatTrusts(here, trustedGateways)
      const opened = [await portal.openStanza(before.stanza), await portal.openStanza(after.stanza)]
      return opened.map(({ ok }) => ok)
    }
    expect(await opens([old, gateway.fingerprint()])).toEqual([true, true])
    expect(await opens([gateway.fingerprint()])).toEqual([false, true])
    expect(await opens([old])).toEqual([true, false])
  })
})

describe('an installation from before gateways had a certifying key', () => {
  const withoutCertificates = async (here: Installation) => {
    const { certificate, ...key } = await signingKey(here)
    expect(certificate).not.toBeNull()
    await here.store.organisationKeys.setCertificate(key.id, new Uint8Array(0))
    return key.id
  }
  const reopenGateway = (here: Installation) =>
    openGatewayKeys({
      store: here.store,
      rootKey: here.gatewayRoot,
      organisations: ORGANISATIONS,
      trustedPortal: here.portal.fingerprint(),
      clock: () => here.clockMs,
    })

  it('gets a certificate for the signing key in use when its gateway starts', async () => {
    const here = await installation()
    const message = await sealHere(here)
    await withoutCertificates(here)
    expect(await openHere(here, message, [proofOf(BOB)])).toBe('bad-envelope')
    await reopenGateway(here)
    expect(await openHere(here, message, [proofOf(BOB)])).toBe(TEXT)
  })

  it('gets one for a key that was rotated away only by a person who names it', async () => {
    const here = await installation()
    const message = await sealHere(here)
    const id = await withoutCertificates(here)
    await here.gateway.rotate('example', NOW_MS)
    const gateway = await reopenGateway(here)
    expect(await openHere(here, message, [proofOf(BOB)])).toBe('bad-envelope')
    expect(await gateway.certify('nobody')).toBe(false)
    expect(await gateway.certify(id)).toBe(true)
    expect(await openHere(here, message, [proofOf(BOB)])).toBe(TEXT)
  })
})
