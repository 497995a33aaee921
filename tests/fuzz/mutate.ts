import * as fc from 'fast-check'

/** Pieces that parsers of this project have meanings for. */
const TOKENS = [
  '\r\n',
  '\n',
  '\r',
  '\u0000',
  ' ',
  '\t',
  '-> ',
  '---',
  '-> zegel.v1 ',
  'zegel.v2',
  'age-encryption.org/v1\n',
  '=',
  '==',
  '+',
  '/',
  '"',
  "'",
  '<',
  '>',
  '<!--',
  '-->',
  '<input name="envelope" value="',
  'data-share="',
  '#',
  '&#43;',
  '&',
  '@',
  ',',
  ';',
  ':',
  '(',
  ')',
  '\\',
  '=?utf-8?Q?',
  '?=',
  '{',
  '}',
  '[',
  ']',
  'null',
  '"__proto__":',
  '1e999',
  '\u202e',
  '\ud800',
  'é',
  '＠',
  'envelope=',
  'signature=',
  'age1pq1',
  'xn--',
].map(token => Buffer.from(token))

type Mutation =
  | {
      readonly kind: 'flip' | 'delete' | 'repeat' | 'cut'
      readonly at: number
      readonly length: number
    }
  | { readonly kind: 'insert'; readonly at: number; readonly token: Buffer }

const place = fc.double({ min: 0, max: 1, noNaN: true })
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('flip', 'delete', 'repeat', 'cut'),
    at: place,
    length: fc.integer({ min: 1, max: 64 }),
  }),
  fc.record({
    kind: fc.constant('insert' as const),
    at: place,
    token: fc.oneof(
      fc.constantFrom(...TOKENS),
      fc.uint8Array({ maxLength: 8 }).map(bytes => Buffer.from(bytes)),
    ),
  }),
)

function apply(bytes: Buffer, change: Mutation): Buffer {
  const at = Math.floor(change.at * bytes.length)
  if (change.kind === 'insert')
    return Buffer.concat([bytes.subarray(0, at), change.token, bytes.subarray(at)])
  const end = Math.min(bytes.length, at + change.length)
  if (change.kind === 'cut') return bytes.subarray(0, at)
  if (change.kind === 'delete') return Buffer.concat([bytes.subarray(0, at), bytes.subarray(end)])
  if (change.kind === 'repeat') return Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)])
  const flipped = Buffer.from(bytes)
  if (at < flipped.length) flipped[at] = (flipped[at] ?? 0) ^ (1 << (change.length % 8))
  return flipped
}

/** Genuine inputs with up to eight things wrong, and now and then plain noise. */
export function mutated(seeds: readonly Uint8Array[]): fc.Arbitrary<Buffer> {
  const changed = fc
    .tuple(fc.constantFrom(...seeds), fc.array(mutation, { minLength: 1, maxLength: 8 }))
    .map(([seed, changes]) => changes.reduce(apply, Buffer.from(seed)))
  const noise = fc.uint8Array({ maxLength: 300 }).map(bytes => Buffer.from(bytes))
  return fc.oneof({ arbitrary: changed, weight: 9 }, { arbitrary: noise, weight: 1 })
}

/** How long one target runs: 400 inputs, or ZEGEL_FUZZ_SECONDS of them. */
export function fuzzParameters(): fc.Parameters<[Buffer]> {
  const seconds = Number(process.env['ZEGEL_FUZZ_SECONDS'] ?? 0)
  return seconds > 0
    ? { numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit: seconds * 1000 }
    : { numRuns: 400 }
}
