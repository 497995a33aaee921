import { wrapperBytes, wrapperFactor } from './limits.ts'
import type { Keywords } from './next-hop/next-hop-connection.ts'
import type { Offer } from './smtp/transaction.ts'

/**
 * What a client may be offered, given what the next hop offers; undefined: it was never reached.
 * SIZE leaves room for the wrapper: (its SIZE - 72 KiB) / 1.36. contract.md, Gateway
 */
export function offerFrom(keywords: Keywords | undefined, maxMessageBytes: number): Offer {
  const eightBit = keywords?.has('8BITMIME') ?? false
  return {
    maxBytes: Math.min(maxMessageBytes, largestOriginal(keywords?.get('SIZE'))),
    eightBit,
    // RFC 6531 §3.1: SMTPUTF8 needs 8BITMIME.
    utf8: eightBit && (keywords?.has('SMTPUTF8') ?? false),
    dsn: keywords?.has('DSN') ?? false,
  }
}

/** RFC 1870 §4: no number, or 0, is no fixed limit. Never 0 here, which would say the same. */
function largestOriginal(size: string | undefined): number {
  const bytes = /^\d{1,15}$/.test(size ?? '') ? Number(size) : 0
  if (bytes === 0) return Number.POSITIVE_INFINITY
  return Math.max(1, Math.floor((bytes - wrapperBytes) / wrapperFactor))
}
