/** The most languages of an Accept-Language header that are looked at: a header of thousands costs nothing. */
const maxWishes = 32

/** The tags of an Accept-Language header, the dearest first; what is malformed or unwanted (`q=0`) is left out. RFC 9110 §12.5.4 */
export function parseAcceptLanguage(header: string): readonly string[] {
  return header
    .slice(0, 1024)
    .split(',', maxWishes)
    .map(part => /^\s*([A-Za-z0-9-]+)\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?$/.exec(part))
    .filter(match => match !== null)
    .map(match => ({ tag: match[1] ?? '', weight: Number(match[2] ?? 1) }))
    .filter(wish => wish.weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .map(wish => wish.tag)
}

/** The first wish that one of `available` meets: same tag, else same language and script, else null. */
export function selectLocale(
  wishes: readonly string[],
  available: readonly string[],
): string | null {
  for (const wish of wishes) {
    const exact = available.find(tag => tag.toLowerCase() === wish.toLowerCase())
    const nearest = exact ?? available.find(tag => sameWriting(tag, wish))
    if (nearest !== undefined) return nearest
  }
  return null
}

/** True when who reads one reads the other: `nl-BE` and `nl`, `zh-HK` and `zh-TW`, not `zh-CN` and `zh-TW`. */
function sameWriting(a: string, b: string): boolean {
  const [one, other] = [likely(a), likely(b)]
  return one !== null && other !== null && one === other
}

function likely(tag: string): string | null {
  try {
    const locale = new Intl.Locale(tag).maximize()
    return `${locale.language}-${locale.script ?? ''}`
  } catch {
    return null // not a BCP 47 tag
  }
}
