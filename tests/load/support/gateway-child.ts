// A gateway as a process of its own, to be killed: PORT NEXT-HOP-PORT STORE ESCROW-RECIPIENT
import { makeTestKeys } from '../../server/gateway/support/test-keys.ts'
import { startGateway } from '../../server/gateway/support/test-gateway.ts'
import { openStore } from '../../../src/server/store/open-store.ts'

// Ends with the test that started it, however that ends.
process.stdin.on('end', () => process.exit()).resume()

const [port = '0', nextHopPort = '0', storePath = '', escrow = ''] = process.argv.slice(2)
const keys = await makeTestKeys()
const material = { ...keys.material('example'), escrowRecipients: [escrow] }
await startGateway({
  nextHopPort: Number(nextHopPort),
  gateway: { listen: [`127.0.0.1:${port}`] },
  store: await openStore(`sqlite:${storePath}`),
  materialFor: () => Promise.resolve(material),
})
process.stdout.write('ready\n')
