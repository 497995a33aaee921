import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { createBodyBudget } from '../../../src/server/portal/body-budget.ts'
import { postedOpenHandler } from '../../../src/server/portal/handlers/open.ts'
import type { OpenNeeds } from '../../../src/server/portal/handlers/open.ts'
import type { PortalEnv } from '../../../src/server/portal/route.ts'

const posted = `envelope=QUFB\r\nsignature=${'A'.repeat(86)}==\r\n`

/** For what is no message of anybody. */
const describesNothing = {
  take: async () => ({ allowed: true }) as const,
  openStanza: async () => ({ ok: false, code: 'bad-envelope' }) as const,
  overridesOf: async () => [],
  brands: new Map(),
  accounts: { offered: () => [] },
}

/** Posts a message over a line that is in the given state when its page is written; tells what stays set aside. */
async function usedAfter(outgoing: ServerResponse): Promise<number> {
  const budget = createBodyBudget(1_000_000, 1_000_000)
  const writer = {
    languageOf: () => ({ tag: 'en' }),
    scriptPage: () => Promise.resolve('head\u0000description\u0000before\u0000envelope\u0000after'),
  } as unknown as OpenNeeds['writer']
  const app = new Hono<PortalEnv>()
  app.use((context, next) => {
    context.set('network', '192.0.2.0/24')
    return next()
  })
  const needs = { writer, budget, maxPostedBytes: 1000, clock: Date.now, ...describesNothing }
  app.post('/open', postedOpenHandler(needs))
  await app.request('/open', { method: 'POST', body: posted }, { outgoing })
  return budget.used
}

describe('threat: posted bodies that use up the memory', () => {
  it('holds nothing for a reader who has gone before the answer', async () => {
    const outgoing = new ServerResponse(new IncomingMessage(new Socket()))
    outgoing.destroy()
    expect(await usedAfter(outgoing)).toBe(0)
  })

  it('holds the memory until the answer has left', async () => {
    const outgoing = new ServerResponse(new IncomingMessage(new Socket()))
    expect(await usedAfter(outgoing)).toBeGreaterThan(0)
    outgoing.emit('close')
  })
})
