import { onTestFinished } from 'vitest'
import type { ConfigInput } from '../../src/server/config/schema.ts'
import { freePort } from '../support/free-port.ts'
import { startTestInstallation } from '../support/test-installation.ts'
import type { TestInstallation } from '../support/test-installation.ts'
import type { ReadableInstallation } from './read-as-browser.ts'

/** A whole installation in this process, behind a proxy that names networks; ends with the test. */
export async function installationInProcess(
  config: Partial<ConfigInput> = {},
): Promise<ReadableInstallation & { readonly zegel: TestInstallation }> {
  const port = await freePort()
  const portalUrl = `http://localhost:${port}`
  const portal = { ...config.portal, url: portalUrl, listen: `127.0.0.1:${port}` }
  const zegel = await startTestInstallation({ config: { ...config, portal } })
  onTestFinished(() => zegel.close())
  return { zegel, portalUrl, smtpPort: zegel.smtp.port, mailbox: { url: zegel.mailboxApi } }
}
