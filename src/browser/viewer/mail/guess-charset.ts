/** Guesses what a text is written in that does not say so, or says it wrongly. Always only a guess. */

/** What is looked at to guess. */
export const SAMPLE_BYTES = 4096

/** Multi-byte charsets whose own syllabary tells them apart; the share of it that makes a text theirs. */
const BY_SCRIPT: readonly (readonly [string, RegExp])[] = [
  ['euc-jp', /[\u3040-\u30ff]/gu],
  ['shift_jis', /[\u3040-\u30ff]/gu],
  ['euc-kr', /[\uac00-\ud7a3]/gu],
  ['gb18030', /[\u4e00-\u9fff]/gu],
  ['big5', /[\u4e00-\u9fff]/gu],
]
const OWN_SHARE = 0.3

/** @returns a label that every platform decodes. */
export function guessCharset(bytes: Uint8Array): string {
  const sample = bytes.subarray(0, SAMPLE_BYTES)
  if (sample.includes(27)) return 'iso-2022-jp'
  return (
    cyrillicOf(sample) ??
    BY_SCRIPT.find(([label, own]) => isWrittenIn(sample, label, own))?.[0] ??
    'windows-1252'
  )
}

function isWrittenIn(sample: Uint8Array, label: string, own: RegExp): boolean {
  const text = decodeStrictly(sample, label)
  const foreign = text?.match(/[^\0-\u007f]/gu)?.length ?? 0
  return foreign >= 4 && (text?.match(own)?.length ?? 0) >= foreign * OWN_SHARE
}

/** A sample of a longer text may end within a character. */
function decodeStrictly(sample: Uint8Array, label: string): string | null {
  try {
    return new TextDecoder(label, { fatal: true }).decode(sample, {
      stream: sample.length === SAMPLE_BYTES,
    })
  } catch {
    return null
  }
}

/**
 * Text in Cyrillic is high bytes for the most part, nearly all from 0xc0 up, and small letters nearly all the time:
 * 0xc0 to 0xdf in KOI8, 0xe0 to 0xff in windows-1251. Null when it is not that.
 */
function cyrillicOf(sample: Uint8Array): 'koi8-u' | 'windows-1251' | null {
  const latin = sample.filter(byte => (byte | 32) >= 97 && (byte | 32) <= 122).length
  const high = sample.filter(byte => byte >= 0x80)
  const letters = high.filter(byte => byte >= 0xc0)
  if (letters.length <= latin || letters.length < high.length * MOST) return null
  const below = letters.filter(byte => byte <= 0xdf).length / letters.length
  if (below >= SMALL_SHARE) return 'koi8-u'
  return below <= 1 - SMALL_SHARE ? 'windows-1251' : null
}

const MOST = 0.85
const SMALL_SHARE = 0.7
