import { createServer } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { freePort } from '../../../support/free-port.ts'
import { answeredPolicy, post, startReplyGateway } from '../support/test-replies.ts'
import { makeHandOver, useReplies } from '../support/use-replies.ts'

const { start } = useReplies()
const limits = { closeMs: 100 }

describe('a gateway that is stopped in the middle of a hand-over', () => {
  it.each(['RCPT', 'DATA', '.'])(
    'at %s of the next hop gives it back to be sent again',
    async at => {
      const { gateway, hop, keys, make } = await start({ limits }, { hangAt: at })
      const body = await make()
      const answer = post(gateway.url, body).catch(() => 'broken')
      const hasHung = () =>
        at === '.' ? hop.taken.length === 1 : hop.lines.some(line => line.startsWith(at))
      await expect.poll(hasHung).toBe(true)
      await gateway.close()
      await answer
      await expect.poll(() => hop.openConnections).toBe(0)
      expect(gateway.log.join('')).not.toContain('reply-fault')
      hop.script = {}
      const next = await startReplyGateway({
        keys,
        nextHopPort: hop.port,
        replyLimits: { sameMs: 0 },
      })
      onTestFinished(() => next.close())
      expect((await post(next.url, body)).status).toBe(200)
    },
  )

  it('lets nobody wait for a place', async () => {
    const { gateway, hop, keys } = await start(
      { limits, replyLimits: { places: 1 } },
      { hangAt: 'DATA' },
    )
    const policy = await answeredPolicy(keys)
    const begin = async () =>
      post(gateway.url, await makeHandOver(keys, { policy })).catch(() => undefined)
    const all = [begin(), begin(), begin()]
    await expect.poll(() => hop.lines).toContain('DATA')
    await gateway.close()
    await Promise.all(all)
    const refusals = () => gateway.log.filter(line => line.includes('reply-refused'))
    expect(refusals()).toHaveLength(3)
    expect(hop.lines.filter(line => line === 'DATA')).toHaveLength(1)
  })
})

describe('a gateway that cannot listen for replies', () => {
  it('listens nowhere else either', async () => {
    const taken = createServer()
    const takenPort = await new Promise<number>(resolve =>
      taken.listen(0, '127.0.0.1', () => resolve((taken.address() as { port: number }).port)),
    )
    onTestFinished(() => void taken.close())
    const port = await freePort()
    const { keys, hop } = await start()
    const listening = {
      listen: [`127.0.0.1:${port}`],
      replies: { listen: `127.0.0.1:${takenPort}` },
    }
    await expect(
      startReplyGateway({ keys, nextHopPort: hop.port, listening }),
    ).rejects.toMatchObject({ code: 'EADDRINUSE' })
    const again = createServer()
    await new Promise<void>((resolve, reject) => {
      again.once('error', reject)
      again.listen(port, '127.0.0.1', resolve)
    })
    again.close()
  })
})
