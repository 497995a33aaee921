// A gateway that takes hand-overs, in a process of its own, so that its memory can be measured.
import { rootKey } from '../../../src/server/keys/root-key.ts'
import { openGatewayKeys } from '../../../src/server/keys/gateway-keys.ts'
import { openStore } from '../../../src/server/store/open-store.ts'
import type { ReplyLimits } from '../../../src/server/gateway/replies/limits.ts'
import { startReplyGateway, testOrganisations } from '../../server/gateway/support/test-replies.ts'

const [url = '', root = '', trustedPortal = '', port = '', limits = '{}'] = process.argv.slice(2)
const store = await openStore(url)
const organisations = testOrganisations()
const gateway = await openGatewayKeys({
  store,
  rootKey: rootKey(Buffer.from(root, 'hex')),
  organisations,
  trustedPortal,
  clock: Date.now,
})
const keys = { store, gateway, organisations }
const replyLimits = JSON.parse(limits) as Partial<ReplyLimits>
const running = await startReplyGateway({ keys, nextHopPort: Number(port), replyLimits })

process.on('message', () => process.send?.({ rssBytes: process.resourceUsage().maxRSS * 1024 }))
process.send?.({ url: running.url, rssBytes: process.resourceUsage().maxRSS * 1024 })
