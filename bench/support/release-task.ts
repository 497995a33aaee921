import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { parseAddress } from '../../src/core/address/address.ts'
import type { Address } from '../../src/core/address/address.ts'
import { readAgeHeader } from '../../src/core/envelope/open.ts'
import { startSealing } from '../../src/core/envelope/seal.ts'
import type { Policy, Proof } from '../../src/core/policy/policy.ts'
import { nodeSealingCrypto } from '../../src/server/crypto/node-sealing-crypto.ts'
import { openGatewayCertifier } from '../../src/server/keys/gateway-certifier.ts'
import { openGatewayKeys } from '../../src/server/keys/gateway-keys.ts'
import { openPortalKeys } from '../../src/server/keys/portal-keys.ts'
import { rootKey } from '../../src/server/keys/root-key.ts'
import { openStore } from '../../src/server/store/open-store.ts'

/** What a node needs to release one message. */
export interface ReleaseTask {
  readonly url: string
  /** Hexadecimal. */
  readonly portalRoot: string
  readonly trustedGateways: readonly string[]
  readonly stanza: string
  readonly proofs: readonly Proof[]
}

export const benchOrganisation = {
  id: 'example',
  domains: ['example.com'],
  replyDomains: ['replies.example.com'],
  escrowRecipients: [],
  allowClassicalEscrow: false,
}

/** Makes the keys of an installation in a new database, seals a message, and writes the task to a file. */
export async function writeReleaseTask(url: string, file: string): Promise<void> {
  const store = await openStore(url)
  const portalRoot = randomBytes(32)
  const common = { store, organisations: [benchOrganisation], clock: Date.now }
  const gatewayRoot = rootKey(randomBytes(32))
  const certifier = await openGatewayCertifier({
    ...common,
    keys: store.organisationKeys,
    rootKey: gatewayRoot,
  })
  const trustedGateways = [certifier.fingerprint]
  const portal = await openPortalKeys({
    ...common,
    rootKey: rootKey(portalRoot),
    trustedGateways,
  })
  const trustedPortal = portal.fingerprint()
  const gateway = await openGatewayKeys({ ...common, rootKey: gatewayRoot, trustedPortal })
  const policy = policyNow()
  const material = await gateway.materialFor('example', policy.expiresAtMs, Date.now())
  const sealing = await startSealing({
    policy: { ...policy, replyRecipient: material.replyRecipient },
    material,
    crypto: nodeSealingCrypto,
  })
  const { tail } = sealing.finish()
  const { stanzaText } = readAgeHeader(new Uint8Array(Buffer.concat([sealing.header, ...tail])))
  await store.close()
  const task: ReleaseTask = {
    url,
    portalRoot: portalRoot.toString('hex'),
    trustedGateways,
    stanza: stanzaText,
    proofs: [proofOf('bob@example.org')],
  }
  writeFileSync(file, JSON.stringify(task), { mode: 0o600 })
}

function policyNow(): Policy {
  const createdAtMs = Date.now()
  return {
    messageId: randomBytes(16).toString('base64url'),
    organisationId: 'example',
    sender: address('alice@example.com'),
    senderName: 'Alice',
    recipients: [{ address: address('bob@example.org'), listed: true }],
    createdAtMs,
    expiresAtMs: createdAtMs + 30 * 24 * 3600 * 1000,
    permissions: { reply: true, forward: false, print: true },
    assurance: 'mailbox',
    template: 'default',
    locale: 'en',
    conversationId: randomBytes(16).toString('base64url'),
    replyRecipient: '',
  }
}

const proofOf = (text: string): Proof => ({
  organisationId: 'example',
  address: address(text),
  method: 'passcode',
  assurance: 'mailbox',
  provenAtMs: Date.now(),
})

function address(text: string): Address {
  const parsed = parseAddress(text)
  if (parsed === null) throw new Error(`no address: ${text}`)
  return parsed
}
