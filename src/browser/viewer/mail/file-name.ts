import { MAX_FILE_NAME_OCTETS } from './limits.ts'

/** Device names that Windows opens whatever their ending. https://learn.microsoft.com/windows/win32/fileio/naming-a-file */
const RESERVED = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?=\.|$)/iu

const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/gu
const FORBIDDEN = /[<>:"|?*]/gu

/**
 * The name under which a file may be saved: no path, nothing invisible (RTL override, NUL), no character that a
 * file system refuses, no device name, no leading dot, no blank or dot at the end, at most 200 octets with its ending.
 * Empty when nothing is left.
 */
export function safeFileName(given: string): string {
  const base = given.replace(/^.*[/\\]/su, '')
  const visible = base.replaceAll(HIDDEN, '').replaceAll(/\s+/gu, ' ').replaceAll(FORBIDDEN, '_')
  const trimmed = visible
    .trim()
    .replace(/^[. ]+/u, '')
    .replace(/[. ]+$/u, '')
  return shorten(RESERVED.test(trimmed) ? `_${trimmed}` : trimmed)
}

/** Cuts the middle: the ending tells what the file is. */
function shorten(name: string): string {
  if (octets(name) <= MAX_FILE_NAME_OCTETS) return name
  const dot = name.lastIndexOf('.')
  const ending = dot > 0 && name.length - dot <= 16 ? name.slice(dot) : ''
  let stem = ''
  let room = MAX_FILE_NAME_OCTETS - octets(ending) - octets('…')
  for (const character of ending === '' ? name : name.slice(0, dot)) {
    room -= octets(character)
    if (room < 0) break
    stem += character
  }
  return `${stem}…${ending}`
}

function octets(text: string): number {
  return new TextEncoder().encode(text).length
}
