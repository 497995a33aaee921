import type { Address } from '../../../core/address/address.ts'
import type { GatewayLimits } from '../limits.ts'
import { Half } from '../next-hop/half.ts'
import type { NextHop } from '../next-hop/next-hop.ts'
import { isPermanent, isSuccess, replies } from '../smtp/reply.ts'
import type { Reply } from '../smtp/reply.ts'
import type { ReplyMail } from './reply-mail.ts'

export interface ReplyHalfRequest {
  readonly kind: 'inside' | 'outside'
  readonly people: readonly Address[]
  /** MAIL FROM: where a bounce goes; empty: nowhere. */
  readonly path: string
  /** Before it is sealed. */
  readonly mail: Pick<ReplyMail, 'contentBytes' | 'needsUtf8'>
}

/** What the next hop said of one recipient; `isOurs`: of the mail, whoever it is for. */
export interface RecipientAnswer {
  readonly address: Address
  readonly answer: Reply
  readonly isOurs: boolean
}

/** People who get the same bytes of one reply. */
export class ReplyHalf {
  readonly kind: 'inside' | 'outside'
  readonly people: readonly Address[]
  readonly half: Half

  constructor(
    { nextHop, limits }: { readonly nextHop: NextHop; readonly limits: GatewayLimits },
    { kind, people, path, mail }: ReplyHalfRequest,
  ) {
    this.kind = kind
    this.people = people
    this.half = new Half({
      nextHop,
      limits,
      mail: {
        path,
        size: mail.contentBytes,
        // The mail is 7bit; only an address beyond ASCII asks for more. RFC 6531
        eightBit: false,
        utf8: mail.needsUtf8 || [path, ...people].some(isBeyondAscii),
        ret: undefined,
        envid: undefined,
      },
      probablySealed: kind === 'outside',
      // Attack: a bounce that carries plaintext to where MAIL FROM leads.
      bouncesHeadersOnly: path !== '',
    })
  }

  /** Asks the next hop for everyone. */
  async ask(): Promise<readonly RecipientAnswer[]> {
    const answers: RecipientAnswer[] = []
    for (const address of this.people) {
      const command = { path: address, notify: undefined, orcpt: undefined }
      const answer = await this.half.add(command, address)
      answers.push({ address, answer, isOurs: this.half.refusal !== undefined })
      if (this.half.refusal !== undefined) break
    }
    return answers
  }

  /** Halves by their answers to the final dot; of those that failed, first what can be tried again. */
  static split(
    halves: readonly ReplyHalf[],
    answers: ReadonlyMap<Half, Reply>,
  ): {
    readonly gone: readonly ReplyHalf[]
    readonly failed: readonly { readonly half: ReplyHalf; readonly answer: Reply }[]
  } {
    const answered = halves.map(half => ({
      half,
      answer: answers.get(half.half) ?? replies.failed,
    }))
    return {
      gone: answered.filter(({ answer }) => isSuccess(answer)).map(({ half }) => half),
      failed: answered
        .filter(({ answer }) => !isSuccess(answer))
        .toSorted((a, b) => Number(isPermanent(a.answer)) - Number(isPermanent(b.answer))),
    }
  }
}

function isBeyondAscii(text: string): boolean {
  return /\P{ASCII}/u.test(text)
}
