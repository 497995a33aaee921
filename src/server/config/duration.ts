const UNIT_MS: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000 }

/** Milliseconds of `12h` or `30d`; null for `never`; undefined for anything else. */
export function parseDuration(text: string): number | null | undefined {
  if (text === 'never') return null
  const match = /^(\d{1,6})([hd])$/.exec(text)
  const unit = UNIT_MS[match?.[2] ?? '']
  return unit === undefined ? undefined : Number(match?.[1]) * unit
}
