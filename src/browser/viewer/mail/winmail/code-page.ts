const NAMES: ReadonlyMap<number, string> = new Map([
  [1200, 'utf-16le'],
  [10_000, 'macintosh'],
  [20_127, 'us-ascii'],
  [20_866, 'koi8-r'],
  [20_932, 'euc-jp'],
  [21_866, 'koi8-u'],
  [50_220, 'iso-2022-jp'],
  [50_221, 'iso-2022-jp'],
  [50_222, 'iso-2022-jp'],
  [51_932, 'euc-jp'],
  [51_949, 'euc-kr'],
  [54_936, 'gb18030'],
  [65_001, 'utf-8'],
])

/** The charset of a Windows code page. https://learn.microsoft.com/windows/win32/intl/code-page-identifiers */
export function charsetOfCodePage(codePage: number | null): string | null {
  if (codePage === null || codePage === 0) return null
  if (codePage > 28_590 && codePage < 28_607) return `iso-8859-${codePage - 28_590}`
  return NAMES.get(codePage) ?? `windows-${codePage}`
}
