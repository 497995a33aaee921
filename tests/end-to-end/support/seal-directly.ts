import { randomBytes } from 'node:crypto'
import type { Policy } from '../../../src/core/policy/policy.ts'
import { openKeysOfGateway } from '../../../src/server/commands/open-keys.ts'
import { findHeaderEnd } from '../../../src/server/gateway/header-fields.ts'
import { startSealedMail } from '../../../src/server/gateway/seal-mail.ts'
import { address, createPolicy, messageHtmlOf, testNotice } from '../../support/sealed-message.ts'
import type { TestInstallation } from '../../support/test-installation.ts'

/** Seals any bytes as a mail to one address and returns its message.html. */
export type SealDirectly = (mail: Buffer) => Promise<Buffer>

/**
 * The gateway's own sealing with the installation's own keys, without SMTP before it: mails whose header the gateway
 * refuses reach the reader too.
 */
export async function sealingDirectly(zegel: TestInstallation, to: string): Promise<SealDirectly> {
  const { config } = zegel
  const clock = Date.now
  return zegel.withStore(async store => {
    const keys = await openKeysOfGateway({ config, store, environment: {}, clock })
    const expiresAtMs = clock() + 24 * 3600 * 1000
    const material = await keys.materialFor('example', expiresAtMs, clock())
    const notice = { ...testNotice, portalUrl: zegel.portalUrl }
    return async mail => {
      const policy: Policy = createPolicy({
        messageId: randomBytes(16).toString('base64url'),
        recipients: [{ address: address(to), listed: true }],
        createdAtMs: clock(),
        expiresAtMs,
        replyRecipient: material.replyRecipient,
      })
      const end = findHeaderEnd(mail)
      const header = end === -1 ? mail : mail.subarray(0, end)
      const sealed = await startSealedMail({
        header,
        policy,
        material,
        notice,
        nowMs: clock(),
        mac: data => keys.mac(data),
      })
      return messageHtmlOf(Buffer.concat([...sealed.push(mail), ...sealed.finish()]))
    }
  })
}
