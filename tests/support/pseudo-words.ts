/**
 * English as a language that nobody speaks: accented, in brackets, longer by 40 %; `rtl` written from right to left.
 * What is cut off, not from the locale files, or not mirrored is seen at once. Stands alone: it is run within pages.
 */
export function pseudoWords(words: string, direction: 'ltr' | 'rtl'): string {
  const plain = 'AEIOUYCNSZaeiouycnsz'
  const accented = 'ÅÉÎÕÜÝÇÑŠŽåéîõüýçñšž'
  const more = 'õñé ţŵõ ţĥŕéé ƒõüŕ ƒîṽé šîẋ šéṽéñ éîĝĥţ ñîñé ţéñ '
  if (!/\p{L}/u.test(words)) return words
  const letters = Array.from(words, letter => accented[plain.indexOf(letter)] ?? letter).join('')
  const length = Math.ceil(words.length * 0.4)
  const longer = more.repeat(Math.ceil(length / more.length)).slice(0, length)
  const said = `[${letters} ${longer.trim()}]`
  // U+202E: letters of English as if they were those of Hebrew. UAX #9 §2.2
  return direction === 'rtl' ? `\u202E${said}\u202C` : said
}
