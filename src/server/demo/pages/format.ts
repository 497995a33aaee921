/** Time alone for today, else the date: `14:17`, `21 Nov`. */
export function shortTime(atMs: number, nowMs: number, locale: string): string {
  const today = new Date(nowMs).toDateString() === new Date(atMs).toDateString()
  return new Intl.DateTimeFormat(
    locale,
    today ? { hour: '2-digit', minute: '2-digit' } : { day: 'numeric', month: 'short' },
  ).format(atMs)
}

export const longTime = (atMs: number, locale: string): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'short' }).format(atMs)

const units = ['byte', 'kilobyte', 'megabyte'] as const

/** `214 kB`: SI units, as Intl has them. */
export function fileSize(bytes: number, locale: string): string {
  const power = bytes < 1000 ? 0 : bytes < 1_000_000 ? 1 : 2
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: units[power] ?? 'byte',
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: power === 2 ? 1 : 0,
  }).format(bytes / 1000 ** power)
}
