import { afterEach } from 'vitest'
import { RawClient } from './raw-client.ts'
import { ScriptedHop } from './scripted-hop.ts'
import type { HopScript } from './scripted-hop.ts'
import { startGateway } from './test-gateway.ts'
import type { TestGateway, TestGatewayOptions } from './test-gateway.ts'

export interface Running {
  readonly hop: ScriptedHop
  readonly gateway: TestGateway
  /** A client that has read the greeting and said EHLO. */
  connect(): Promise<RawClient>
}

/** Starts gateways with their next hops, and ends them after each test. */
export function useGateways(): {
  start: (options?: Partial<TestGatewayOptions>, script?: HopScript) => Promise<Running>
} {
  const cleanups: (() => unknown)[] = []
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
  })
  return {
    start: async (options = {}, script = {}) => {
      const hop = await ScriptedHop.start(script)
      cleanups.push(() => hop.stop())
      const gateway = await startGateway({ nextHopPort: hop.port, ...options })
      cleanups.push(() => gateway.close())
      const connect = async () => {
        const client = await RawClient.connect(gateway.port)
        cleanups.push(() => client.close())
        await client.answer()
        await client.command('EHLO client.test')
        return client
      }
      return { hop, gateway, connect }
    },
  }
}

export const plainMail =
  'From: Alice <alice@example.com>\r\nTo: bob@else.test\r\nSubject: The plan\r\n' +
  'Message-ID: <1@example.com>\r\nDate: Sat, 21 Nov 2026 04:00:00 +0000\r\n\r\nIt is secret.\r\n'
