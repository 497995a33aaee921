/** What a language writes its own way, and which words may be those of English. docs/translating.md */

/** Opening and closing mark of each pair, the usual pair first; U+2019 is the apostrophe as well. */
const marks: Readonly<Record<string, string>> = {
  en: '“”‘’',
  nl: '‘’“”',
  de: '„“‚‘»«',
  fr: '«»“”‘’',
  es: '«»“”‘’',
  it: '«»“”‘’',
  'pt-BR': '“”‘’',
  pl: '„”«»',
  tr: '“”‘’',
  uk: '«»„“‘’',
  ar: '«»',
  he: '””’’',
  ja: '「」『』',
  ko: '‘’“”',
  'zh-CN': '“”‘’《》',
  'zh-TW': '「」『』',
}

/** @throws RangeError for a language that has no rule yet */
export function quotationMarks(tag: string): string {
  const known = marks[tag.replace(/-x-.*$/, '')]
  if (known === undefined) throw new RangeError(`which quotation marks does ${tag} have?`)
  return known
}

/** Names and words that are written the same in many languages. */
const everywhere =
  'message html zip Cc Microsoft Google Outlook Zegel PDF HTML SMTP Web web fax Fax Link'.split(' ')

const sameAsEnglish: Readonly<Record<string, string>> = {
  nl: 'Privacy Download Contact Code in mail mails',
  de: 'in Download Code Name Details Browser System Text Version Passkey optional',
  fr: 'Contact Code Message Note Date Type Original Page Version Simulation mobile Support Invitation Source',
  es: 'No Error Original',
  it: 'in Privacy No Password Download Browser File Email Passkey',
  'pt-BR': 'Download Original Site Link',
  pl: 'Link Data',
  tr: 'Web',
}

/** False for a word that a translation ought to have changed. */
export function mayBeTheSame(tag: string, word: string): boolean {
  return everywhere.includes(word) || (sameAsEnglish[tag] ?? '').split(' ').includes(word)
}

/** A sentence, and the button or page whose name stands in it. */
export const labelsInSentences: readonly (readonly [string, string])[] = [
  ['associationMail.notYou', 'associations.title'],
  ['passkeyMail.notYou', 'associations.title'],
  ['signIn.associateRemove', 'associations.title'],
  ['signIn.passkeyMade', 'reader.passkey'],
  ['signIn.passkeyExists', 'reader.passkey'],
  ['errors.too-large-next', 'opener.title'],
  ['errors.too-slow-next', 'opener.title'],
]
