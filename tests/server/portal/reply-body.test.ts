import { describe, expect, it } from 'vitest'
import { replyBody } from '../../../src/server/portal/replies/reply-body.ts'
import type { PortalContext } from '../../../src/server/portal/route.ts'

/** A body of 1 KiB pieces; `waits` says how long each is waited for. */
function bodyOf(waits: readonly number[]) {
  const state = { nowMs: 0 }
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (const wait of waits) {
      state.nowMs += wait
      yield new Uint8Array(1024)
    }
  }
  const context = { env: {}, req: { raw: { body: pieces() } } } as unknown as PortalContext
  return { state, body: replyBody(context, waits.length * 1024, () => state.nowMs) }
}

describe('threat: slowloris in a posted reply', () => {
  it('cuts a body that comes at less than 16 KiB a second once twenty seconds are over', async () => {
    const { body } = bodyOf([0, 20_050, 200])
    expect((await body.next())?.length).toBe(1024)
    expect((await body.next())?.length).toBe(1024)
    await expect(body.next()).rejects.toMatchObject({
      code: 'too-slow',
      extras: { closeConnection: true },
    })
  })

  it('does not blame a browser for a gateway that takes its time', async () => {
    const { body, state } = bodyOf([0, 10, 10])
    await body.next()
    state.nowMs += 600_000
    await body.next()
    expect((await body.next())?.length).toBe(1024)
    expect(body.isWhole()).toBe(true)
    expect(await body.next()).toBeNull()
  })

  it('throws nothing away of a body that is larger than any: the line is cut', async () => {
    const context = { env: {}, req: { raw: { body: null } } } as unknown as PortalContext
    const body = replyBody(context, 2 ** 40, () => 0)
    await expect(body.discard()).rejects.toMatchObject({ code: 'too-large' })
  })
})
