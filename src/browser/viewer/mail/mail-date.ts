import { MAX_DATE_LENGTH } from './limits.ts'

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** RFC 5322 §4.3: minutes to add to get from local time to UTC. */
const ZONES: ReadonlyMap<string, number> = new Map([
  ['edt', 240],
  ['est', 300],
  ['cdt', 300],
  ['cst', 360],
  ['mdt', 360],
  ['mst', 420],
  ['pdt', 420],
  ['pst', 480],
])

const DATE_TIME =
  /(\d{1,2})[ -]+([a-z]{3})[a-z]*[ ,-]+(\d{2,5})[ ,]+(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:\.\d+)?\s*(?:([ap])m\b\s*)?([+-]\d{3,4}|[a-z]{1,5})?/

/** Milliseconds since 1970 of a Date field (RFC 5322 §3.3 and §4.3); null when it is none. */
export function parseMailDate(text: string): number | null {
  const plain = text.slice(0, MAX_DATE_LENGTH).toLowerCase().replaceAll(/\s+/g, ' ')
  const match = DATE_TIME.exec(plain)
  const month = MONTHS.indexOf(match?.[2] ?? '')
  if (match === null || month < 0) return null
  const [day = 0, written = 0, minute = 0, second = 0] = [1, 4, 5, 6].map(at =>
    Number(match[at] ?? 0),
  )
  const half = match[7]
  const hour = half === undefined ? written : (written % 12) + (half === 'p' ? 12 : 0)
  if (day < 1 || day > 31 || hour > 24 || minute > 59 || second > 60) return null
  const local = Date.UTC(fullYear(match[3] ?? ''), month, day, hour, minute, second)
  return Number.isFinite(local) ? local + zoneMinutes(match[8] ?? '') * 60_000 : null
}

function fullYear(digits: string): number {
  const year = Number(digits)
  if (digits.length === 2) return year + (year < 50 ? 2000 : 1900)
  return digits.length === 3 ? year + 1900 : year
}

function zoneMinutes(zone: string): number {
  const offset = /^([+-])(\d{1,2})(\d{2})$/.exec(zone)
  if (offset === null) return ZONES.get(zone) ?? 0
  const minutes = Number(offset[2]) * 60 + Number(offset[3])
  return offset[1] === '+' ? -minutes : minutes
}
