/** The only words about a reader's program that are ever counted. features.md A8 */
export type BrowserFamily = 'chrome' | 'edge' | 'firefox' | 'safari' | 'samsung' | 'other'
/** `app`: the installed web app, whichever browser runs it. */
export type ReaderProgram = BrowserFamily | 'app'
export type DeviceKind = 'desktop' | 'phone' | 'tablet' | 'other'

/** In this order, because most browsers also claim to be others. */
const FAMILIES: readonly (readonly [BrowserFamily, RegExp])[] = [
  ['edge', /\bEdg(e|A|iOS)?\//],
  ['samsung', /\bSamsungBrowser\//],
  ['firefox', /\b(Firefox|FxiOS)\//],
  ['chrome', /\b(Chrome|Chromium|CriOS)\//],
  ['safari', /\bVersion\/[\d.]+.*\bSafari\//],
]

export function browserFamily(userAgent: string): BrowserFamily {
  return FAMILIES.find(([, pattern]) => pattern.test(userAgent))?.[0] ?? 'other'
}

/** @param mark what the page says when it runs as an installed app: `1` */
export function appOrBrowser(userAgent: string, mark: string | undefined): ReaderProgram {
  return mark === '1' ? 'app' : browserFamily(userAgent)
}

const DEVICES: readonly (readonly [DeviceKind, RegExp])[] = [
  ['tablet', /\biPad\b|\bTablet\b|\bAndroid\b(?!.*\bMobile\b)/],
  ['phone', /\b(iPhone|iPod|Mobile)\b/],
  ['desktop', /\b(Windows NT|Macintosh|X11|CrOS)\b/],
]

export function deviceKind(userAgent: string): DeviceKind {
  return DEVICES.find(([, pattern]) => pattern.test(userAgent))?.[0] ?? 'other'
}
