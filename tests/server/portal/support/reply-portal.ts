import type { Policy } from '../../../../src/core/policy/policy.ts'
import type { HandOverTo } from '../../../../src/server/portal/replies/gateway-line.ts'
import { BOB, sealHere } from '../../keys/installation.ts'
import type { SealedMessage } from '../../keys/installation.ts'
import { receivingGateway } from './receiving-gateway.ts'
import type { ReceivingGateway } from './receiving-gateway.ts'
import { signIn } from './sign-in.ts'
import { testPortal } from './test-portal.ts'
import type { TestPortal, TestPortalOptions } from './test-portal.ts'
import { visitor } from './visitor.ts'
import type { Visitor } from './visitor.ts'

export interface ReplyPortal extends TestPortal {
  readonly port: number
  readonly gateway: ReceivingGateway
  readonly message: SealedMessage
  /** Signed in to the message. */
  readonly bob: Visitor
}

/** A portal that listens, a gateway behind it, a message, and Bob who may open it. */
export async function replyPortal(
  options: TestPortalOptions & {
    readonly policy?: Partial<Policy>
    readonly maxBytes?: number
    /** Another gateway than the one that takes everything. */
    readonly to?: () => HandOverTo | undefined
  } = {},
  start: (options: TestPortalOptions) => Promise<TestPortal> = testPortal,
): Promise<ReplyPortal> {
  const gateway = await receivingGateway(() => test.here.gateway.portalVerifier())
  const { maxBytes, to: handOverTo = () => gateway, policy, ...rest } = options
  const replies = { handOverTo, ...(maxBytes === undefined ? {} : { maxBytes }) }
  const test = await start({ ...rest, replies })
  const { port } = await test.portal.listen()
  const message = await sealHere(test.here, policy)
  const bob = visitor(test.portal)
  await signIn(test, bob, message.stanza, BOB)
  return Object.assign(test, { port, gateway, message, bob })
}
