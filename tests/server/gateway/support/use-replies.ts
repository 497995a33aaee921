import { afterEach } from 'vitest'
import type { Policy } from '../../../../src/core/policy/policy.ts'
import type { HandOver } from '../../../../src/core/reply/hand-over.ts'
import type { ReplyHead } from '../../../../src/core/reply/reply-head.ts'
import { ScriptedHop } from './scripted-hop.ts'
import type { HopScript, TakenMail } from './scripted-hop.ts'
import {
  WRITTEN,
  answeredPolicy,
  handOver,
  headOf,
  makeReplyKeys,
  post,
  recordOf,
  sealReply,
  startReplyGateway,
} from './test-replies.ts'
import type {
  HttpAnswer,
  ReplyGateway,
  ReplyGatewayOptions,
  ReplyKeys,
  Written,
} from './test-replies.ts'

/** One reply as a test wants it; what is left out is as it should be. */
export interface Wish {
  readonly policy?: Partial<Policy>
  readonly head?: Partial<ReplyHead>
  readonly handOver?: Partial<HandOver>
  readonly written?: Written
}

export interface RunningReplies {
  readonly hop: ScriptedHop
  readonly keys: ReplyKeys
  readonly gateway: ReplyGateway
  /** The bytes that a portal would hand over. */
  make(wish?: Wish): Promise<Buffer>
  /** Makes and posts. */
  answer(wish?: Wish): Promise<HttpAnswer>
  /** What people of these addresses got. */
  takenBy(address: string): readonly TakenMail[]
}

type Options = Partial<Omit<ReplyGatewayOptions, 'keys'>> & { readonly keys?: ReplyKeys }

/** Starts gateways that take replies, with their next hops, and ends them after each test. */
export function useReplies(): {
  start: (options?: Options, script?: HopScript) => Promise<RunningReplies>
} {
  const cleanups: (() => unknown)[] = []
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
  })
  return {
    start: async (options = {}, script = {}) => {
      const hop = await ScriptedHop.start(script)
      cleanups.push(() => hop.stop())
      const keys = options.keys ?? (await makeReplyKeys())
      if (options.keys === undefined) cleanups.push(() => keys.store.close())
      const gateway = await startReplyGateway({ nextHopPort: hop.port, ...options, keys })
      cleanups.push(() => gateway.close())
      const make = (wish: Wish = {}): Promise<Buffer> => makeHandOver(keys, wish)
      return {
        hop,
        keys,
        gateway,
        make,
        answer: async wish => post(gateway.url, await make(wish)),
        takenBy: address => hop.taken.filter(({ to }) => to.includes(address)),
      }
    },
  }
}

export async function makeHandOver(keys: ReplyKeys, wish: Wish = {}): Promise<Buffer> {
  const { written = WRITTEN } = wish
  const policy = await answeredPolicy(keys, wish.policy)
  const head = headOf(policy, wish.head, written)
  const file = await sealReply(policy.replyRecipient, head, written)
  const { signHandOver: sign } = keys.portal
  return handOver({ sign, record: await recordOf(keys, policy), file, head: wish.handOver ?? {} })
}
