import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { visibleLine, visibleText } from '../../../src/server/commands/visible-text.ts'
import { zegelHere } from './zegel-here.ts'

describe('threat: escape sequences of someone else on a screen', () => {
  const name = '/assets/x\u001b[2K\r\nsame  \u009b2K\u202e.js'
  const server = createServer((_incoming, outgoing) =>
    outgoing.end(JSON.stringify({ assets: { [name]: '' } })),
  )

  beforeAll(async () => {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
  })
  afterAll(() => server.close())

  it.each([[[]], [['--json']]])(
    'zegel verify %j shows what a portal calls its assets in visible characters, in one row',
    async format => {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      const { stdout, stderr } = await zegelHere(['verify', url, ...format])
      expect(stdout.toString()).toContain('/assets/x')
      expect(stdout.toString()).not.toMatch(/^same {2}/m)
      expect(stdout.toString() + stderr).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u)
    },
  )

  it('leaves what can be seen as it is', () => {
    expect(visibleText('één regel\nen nog een \u2026')).toBe('één regel\nen nog een \u2026')
    expect(visibleLine('a\nb')).toBe('a\\u{a}b')
  })
})
