import {
  MAX_CHALLENGE_CHARACTERS,
  MAX_LISTED_RECIPIENTS,
  MAX_LOCALE_CHARACTERS,
  MAX_STANZA_CHARACTERS,
  MAX_TYPED_ADDRESS_CHARACTERS,
  MAX_TYPED_CODE_CHARACTERS,
} from './limits.ts'
import { either, flag, integer, object, oneOf, optional, text } from './shape.ts'
import type { Shape } from './shape.ts'
import type {
  AssociationRemoval,
  DescribeRequest,
  PageErrorCode,
  PasscodeRequest,
  PasscodeVerifyRequest,
  ReleaseRequest,
  ReplyRequest,
  UsageRequest,
} from './messages.ts'
import { PAGE_ERROR_CODES } from './page-error-codes.ts'

const stanza = text({ min: 1, max: MAX_STANZA_CHARACTERS })
/** 65 bytes, base64: 87 characters and one of padding. */
const browserKey = text({ max: 88, pattern: /^[A-Za-z0-9+/]{87}=$/ })
const recipient = either(
  object<{ readonly index: number }>({ index: integer(0, MAX_LISTED_RECIPIENTS - 1) }),
  object<{ readonly address: string }>({
    address: text({ min: 1, max: MAX_TYPED_ADDRESS_CHARACTERS }),
  }),
)

export const describeRequest: Shape<DescribeRequest> = object<DescribeRequest>({ stanza })

export const passcodeRequest: Shape<PasscodeRequest> = object<PasscodeRequest>({
  stanza,
  recipient,
  locale: text({ max: MAX_LOCALE_CHARACTERS, pattern: /^[A-Za-z0-9-]+$/ }),
})

export const passcodeVerifyRequest: Shape<PasscodeVerifyRequest> = object<PasscodeVerifyRequest>({
  challenge: text({ min: 1, max: MAX_CHALLENGE_CHARACTERS, pattern: /^[A-Za-z0-9_.-]+$/ }),
  code: text({ max: MAX_TYPED_CODE_CHARACTERS }),
  privateComputer: flag,
  associate: optional(text({ min: 1, max: 64, pattern: /^[A-Za-z0-9_-]+$/ })),
})

export const associationRemoval: Shape<AssociationRemoval> = object<AssociationRemoval>({
  id: text({ min: 1, max: 64, pattern: /^[A-Za-z0-9_-]+$/ }),
})

export const releaseRequest: Shape<ReleaseRequest> = object<ReleaseRequest>({ stanza, browserKey })

export const replyRequest: Shape<ReplyRequest> = object<ReplyRequest>({ stanza })

export const usageRequest: Shape<UsageRequest> = object<UsageRequest>({
  error: oneOf<PageErrorCode>(...PAGE_ERROR_CODES),
})
