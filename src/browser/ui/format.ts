import { isolate, locale } from './text.ts'

/**
 * The page's language as this person's browser writes it: `en` becomes `en-GB` where that was asked for.
 * Digits are those of passcodes and of the sentences, 0 to 9, wherever Arabic is read.
 */
export function region(): string {
  const own = locale.value
  const isOwn = (tag: string): boolean => tag === own || tag.startsWith(`${own}-`)
  const asked = navigator.languages.find(tag => isOwn(tag) && isLanguageTag(tag)) ?? own
  return new Intl.Locale(asked, { numberingSystem: 'latn' }).toString()
}

/** Chromium without a locale calls its language `en-US@posix`, which Intl refuses. RFC 5646 */
function isLanguageTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1
  } catch {
    return false
  }
}

/** `21 December 2026` */
export function formatDay(timeMs: number): string {
  return new Intl.DateTimeFormat(region(), { dateStyle: 'long' }).format(timeMs)
}

/** `21 December 2026 at 14:17` */
export function formatMoment(timeMs: number): string {
  return new Intl.DateTimeFormat(region(), { dateStyle: 'long', timeStyle: 'short' }).format(timeMs)
}

/** `14:32` */
export function formatTime(timeMs: number): string {
  return new Intl.DateTimeFormat(region(), { timeStyle: 'short' }).format(timeMs)
}

/** `20 seconds ago`, `3 minutes ago` */
export function formatAgo(timeMs: number, nowMs: number): string {
  const seconds = Math.max(1, Math.round((nowMs - timeMs) / 1000))
  const words = new Intl.RelativeTimeFormat(region())
  return seconds < 60
    ? words.format(-seconds, 'second')
    : words.format(-Math.round(seconds / 60), 'minute')
}

/** `20 seconds`, `3 minutes` */
export function formatWait(seconds: number): string {
  const [amount, unit] = seconds < 90 ? [seconds, 'second'] : [Math.ceil(seconds / 60), 'minute']
  return new Intl.NumberFormat(region(), { style: 'unit', unit, unitDisplay: 'long' }).format(
    amount,
  )
}

/** `217 kB`, `3.4 MB`; powers of ten, as files and phones count. */
export function formatBytes(bytes: number): string {
  const [amount, unit] =
    bytes < 1000
      ? [bytes, 'byte']
      : bytes < 999_500
        ? [Math.round(bytes / 1000), 'kilobyte']
        : [bytes / 1_000_000, 'megabyte']
  return new Intl.NumberFormat(region(), {
    style: 'unit',
    unit,
    unitDisplay: unit === 'byte' ? 'long' : 'short',
    maximumFractionDigits: 1,
  }).format(amount)
}

/** `Alice, Bob and Carol`; what stands between two depends on the words: Spanish `e Inés`, Hebrew `ו-Bob`. */
export function formatList(items: readonly string[]): string {
  return new Intl.ListFormat(locale.value, { type: 'conjunction' })
    .formatToParts(items)
    .map(({ type, value }) => (type === 'element' ? isolate(value) : value))
    .join('')
}
