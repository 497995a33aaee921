/** An organisation's colour, made safe for a page: text on it and it on paper reach 4.5 : 1 (WCAG 2.2 §1.4.3). */
export interface Accent {
  /** `#rrggbb` on light paper, and what is written on it. */
  readonly light: string
  readonly onLight: string
  /** The same on dark paper. */
  readonly dark: string
  readonly onDark: string
}

type Rgb = readonly [number, number, number]

const FALLBACK: Rgb = [0x8c, 0x2f, 0x28]
const WHITE: Rgb = [255, 255, 255]
/** Sheets of the two colour schemes. */
const LIGHT_SHEET: Rgb = WHITE
const DARK_SHEET: Rgb = [0x27, 0x23, 0x20]
const ENOUGH = 4.5

/** @param colour `#rrggbb`; anything else gives the product's own colour. */
export function accentOf(colour: string): Accent {
  const rgb = parseColour(colour) ?? FALLBACK
  const light = untilReadable(rgb, LIGHT_SHEET, [0, 0, 0])
  const dark = untilReadable(rgb, DARK_SHEET, WHITE)
  return { light: hex(light), onLight: inkOn(light), dark: hex(dark), onDark: inkOn(dark) }
}

function parseColour(colour: string): Rgb | null {
  const digits = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour)
  if (digits === null) return null
  const [r = 0, g = 0, b = 0] = digits.slice(1).map(pair => Number.parseInt(pair, 16))
  return [r, g, b]
}

/** Mixes in `towards` by twentieths until the contrast on `sheet` is enough. */
function untilReadable(colour: Rgb, sheet: Rgb, towards: Rgb): Rgb {
  for (let step = 0; step < 20; step++) {
    const mixed = mix(colour, towards, step / 20)
    if (contrast(mixed, sheet) >= ENOUGH) return mixed
  }
  return towards
}

function mix(a: Rgb, b: Rgb, share: number): Rgb {
  const channel = (i: 0 | 1 | 2): number => Math.round(a[i] * (1 - share) + b[i] * share)
  return [channel(0), channel(1), channel(2)]
}

/** Black or white: one of them always reaches 4.5 : 1. */
function inkOn(colour: Rgb): string {
  return contrast(colour, WHITE) >= ENOUGH ? '#ffffff' : '#000000'
}

/** WCAG 2.2, contrast ratio. */
function contrast(a: Rgb, b: Rgb): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (high + 0.05) / (low + 0.05)
}

function luminance(colour: Rgb): number {
  const [r, g, b] = colour
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
}

function linear(channel: number): number {
  const value = channel / 255
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
}

function hex(colour: Rgb): string {
  return `#${colour.map(channel => channel.toString(16).padStart(2, '0')).join('')}`
}
