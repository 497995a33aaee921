import { expect, it } from 'vitest'
import { onSignOutElsewhere, tellSignOut } from '../../../src/browser/viewer/sign-out-channel.ts'

it('tells other tabs, and is not heard in its own: what that one says of the end would be overwritten', async () => {
  let heard = 0
  onSignOutElsewhere(() => (heard += 1))
  const elsewhere = new BroadcastChannel('zegel-sign-out')
  const told = new Promise(resolve => elsewhere.addEventListener('message', resolve))
  tellSignOut()
  await told
  await new Promise(resolve => setTimeout(resolve, 50)) // what else was told then would be here
  expect(heard).toBe(0)
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has one origin
  elsewhere.postMessage(null)
  await expect.poll(() => heard).toBe(1)
  elsewhere.close()
})
