import { fromBase64, toBase64 } from '../../../core/envelope/base64.ts'
import { draftCipher, sealAtOnce } from './draft-cipher.ts'

/**
 * A draft as it was when the page went. Only sessionStorage is written at once; the key stands in the table, so that
 * what is kept here is noise as soon as the message is gone there, as by signing out in another tab.
 */
const itemName = 'zegel.last-words'

/** Null also where storage is blocked. */
export function lastWords(): string | null {
  try {
    return sessionStorage.getItem(itemName)
  } catch {
    return null
  }
}

/** @param keyText of `newDraftKey` */
export function keepLastWords(keyText: string, name: string, plain: Uint8Array): void {
  const key = fromBase64(keyText)
  if (key === null) return
  try {
    sessionStorage.setItem(itemName, toBase64(sealAtOnce(key, name, plain)))
  } catch {
    // blocked or full: the page tries to keep it in the table too
  }
}

/** Null where there are none, or none of this key. */
export async function openLastWords(
  keyText: string,
  name: string,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const sealed = fromBase64(lastWords() ?? '')
  const cipher = await draftCipher(keyText)
  return sealed === null || cipher === null ? null : cipher.open(name, Uint8Array.from(sealed))
}

/** Once these words are in the table, or are not wanted; newer ones stay. */
export function forgetLastWords(words: string | null): void {
  if (words !== null && lastWords() === words) sessionStorage.removeItem(itemName)
}
