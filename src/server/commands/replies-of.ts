import { readFile } from 'node:fs/promises'
import { WRITTEN_SHARE_OF_MAIL } from '../portal/limits.ts'
import type { Replies, SignHandOver } from '../portal/portal-types.ts'
import type { PortalPartNeeds } from './installation-needs.ts'

/** Where this portal's replies go: the configured gateway, else that of this process. @throws what reading a file throws */
export async function repliesOf(
  { config, repliesOfGateway }: Pick<PortalPartNeeds, 'config' | 'repliesOfGateway'>,
  sign: SignHandOver,
): Promise<Replies> {
  const { replies: url, repliesCa } = config.portal
  const ca = repliesCa === '' ? undefined : await readFile(repliesCa, 'utf8')
  return {
    handOverTo: url === '' ? repliesOfGateway : () => ({ url, ca }),
    sign,
    maxBytes: Math.floor(config.gateway.maxMessageBytes * WRITTEN_SHARE_OF_MAIL),
  }
}
