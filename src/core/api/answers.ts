import {
  MAX_CHALLENGE_CHARACTERS,
  MAX_LISTED_RECIPIENTS,
  MAX_LOGO_CHARACTERS,
  MAX_SENTENCE_CHARACTERS,
} from './limits.ts'
import { flag, integer, list, nullable, object, oneOf, optional, text } from './shape.ts'
import type { Shape } from './shape.ts'
import type { Assurance, Permissions } from '../policy/policy.ts'
import type {
  AccountView,
  DescribeAnswer,
  MaskedRecipient,
  OrganisationView,
  PasscodeAnswer,
  PasscodeDelivery,
  Problem,
  ProblemCode,
  ProviderView,
  ReleaseAnswer,
  ReplyAnswer,
  ReplyOffer,
  SessionView,
} from './messages.ts'
import { PROBLEM_CODES } from './problem-codes.ts'

const sentence = text({ max: MAX_SENTENCE_CHARACTERS })
const timeMs = integer()
const person = object<{ address: string; name: string }>({ address: sentence, name: sentence })
const permissions = object<Permissions>({ reply: flag, forward: flag, print: flag })
const assurance: Shape<Assurance> = oneOf('mailbox', 'account', 'mfa')
const base64 = (max: number) => text({ min: 4, max, pattern: /^[A-Za-z0-9+/]+={0,2}$/ })

const imagePath = text({ max: MAX_LOGO_CHARACTERS, pattern: /^(?:\/assets\/[A-Za-z0-9._-]+)?$/ })

const organisation = object<OrganisationView>({
  id: sentence,
  name: sentence,
  accent: text({ max: 7, pattern: /^#[0-9a-fA-F]{6}$/ }),
  logo: imagePath,
  privacyAddress: sentence,
})

const providerId = text({ min: 1, max: 32, pattern: /^[a-z0-9-]+$/ })
const provider = object<ProviderView>({
  id: providerId,
  kind: oneOf('microsoft', 'google', 'openid'),
  name: sentence,
  logo: imagePath,
  suggested: flag,
  canCreate: flag,
})

export const describeAnswer: Shape<DescribeAnswer> = object<DescribeAnswer>({
  organisation,
  sender: person,
  external: flag,
  recipients: list(
    object<MaskedRecipient>({ index: integer(), masked: sentence }),
    MAX_LISTED_RECIPIENTS,
  ),
  methods: object<DescribeAnswer['methods']>({ passcode: flag, providers: list(provider, 100) }),
  createdAtMs: timeMs,
  expiresAtMs: nullable(timeMs),
  permissions,
  assurance,
  signedIn: flag,
})

export const passcodeAnswer: Shape<PasscodeAnswer> = object<PasscodeAnswer>({
  id: text({ min: 1, max: 128, pattern: /^[A-Za-z0-9_-]+$/ }),
  challenge: text({ min: 1, max: MAX_CHALLENGE_CHARACTERS }),
  reference: text({ min: 1, max: 16 }),
  expiresAtMs: timeMs,
  masked: sentence,
  triesLeft: integer(0, 100),
})

export const passcodeDelivery: Shape<PasscodeDelivery> = object<PasscodeDelivery>({
  state: oneOf('sending', 'accepted', 'refused', 'unknown'),
  atMs: timeMs,
  reason: optional(sentence),
})

export const sessionView: Shape<SessionView> = object<SessionView>({
  addresses: list(sentence, 100),
  account: nullable(
    object<AccountView>({ provider: providerId, id: sentence, label: sentence, vouched: flag }),
  ),
  idleUntilMs: timeMs,
  endsAtMs: timeMs,
})

export const releaseAnswer: Shape<ReleaseAnswer> = object<ReleaseAnswer>({
  enc: base64(128),
  ct: base64(128),
  signingKeyId: text({ min: 1, max: 128 }),
  signingKey: base64(64),
  recipient: sentence,
  sender: person,
  vouchedBy: sentence,
  writer: optional(
    object<NonNullable<ReleaseAnswer['writer']>>({
      method: oneOf('passcode', 'account', 'passkey'),
      assurance,
    }),
  ),
  permissions,
  createdAtMs: timeMs,
  expiresAtMs: nullable(timeMs),
  reply: nullable(
    object<ReplyOffer>({
      recipient: text({ max: 4096, pattern: /^age1pq1[a-z0-9]+$/ }),
      messageId: sentence,
      conversationId: sentence,
      maxBytes: integer(),
      participants: list(sentence, MAX_LISTED_RECIPIENTS),
      inside: list(sentence, MAX_LISTED_RECIPIENTS),
    }),
  ),
})

export const replyAnswer: Shape<ReplyAnswer> = object<ReplyAnswer>({
  kind: oneOf('reply', 'reply-all', 'forward'),
})

export const problem: Shape<Problem> = object<Problem>({
  type: sentence,
  title: sentence,
  status: integer(400, 599),
  code: oneOf<ProblemCode>(...PROBLEM_CODES),
  detail: optional(sentence),
  triesLeft: optional(integer(0, 100)),
  retryAfterSeconds: optional(integer()),
  recipients: optional(list(integer(0, 999), 100)),
})
