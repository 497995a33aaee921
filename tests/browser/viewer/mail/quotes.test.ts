import { describe, expect, it } from 'vitest'
import { startOfQuote } from '../../../../src/browser/viewer/mail/quotes/quote-start.ts'

const quotedPart = (text: string): string => {
  const lines = text.split('\n')
  return lines.slice(startOfQuote(lines)).join('\n')
}

describe('startOfQuote', () => {
  it.each([
    'On Mon, 1 Jan 2024 at 10:00, Jane Doe <jane@example.com> wrote:',
    'Am 01.01.2024 um 10:00 schrieb Jane Doe:',
    'Le lun. 1 janv. 2024 à 10:00, Jane Doe <jane@example.com> a écrit :',
    'Op ma 1 jan. 2024 om 10:00 schreef Jane Doe <jane@example.com>:',
    '2024年1月1日(月) 10:00 Jane Doe <jane@example.com>：',
    'On Mon, 1 Jan 2024 at 10:00, Jane Doe <jane@example.com>\nwrote:',
  ])('begins with the line that names the writer: %s', writer => {
    const quote = `${writer}\n\n> Hello\n>> Older\n>\n> Bye\n`
    expect(quotedPart(`Thanks!\n\n${quote}`)).toBe(quote)
  })

  it('begins with the marks when nobody is named', () => {
    expect(quotedPart('Thanks!\n> Hello')).toBe('> Hello')
  })

  it.each([
    '-----Original Message-----\nFrom: Jane\nSent: Monday\nTo: Bob\nSubject: Hello\n\nText',
    '-----Ursprüngliche Nachricht-----\nVon: Jane\nGesendet: Montag\nAn: Bob\nBetreff: Hallo\n\nText',
    '________________________________\nVan: Jane\nVerzonden: maandag\nAan: Bob\nOnderwerp: Hallo\n\nText',
    '________________________________\n*From:* Jane\n*Sent:* Monday\n*To:* Bob\n\nText',
    '-----邮件原件-----\n发件人: Jane\n发送时间: 2024\n收件人: Bob\n\nText',
  ])('begins with the divider of Outlook: %s', quote => {
    expect(quotedPart(`Thanks!\n\n${quote}`)).toBe(quote)
  })

  it.each([
    ['an answer below the quote', '> Hello\n\nMy answer'],
    ['nothing but a quote', 'On 1 Jan 2024 Jane wrote:\n> Hello'.replace(/^.*\n/, '')],
    ['a line of dashes in a text', 'Agenda\n-----Morning-----\nTalks\n-----Evening-----\nParty'],
    [
      'a signature',
      'Hello\n-- \nJane\n________________________________\nThis mail is confidential.',
    ],
    ['no lines', ''],
  ])('finds none in %s', (_what, text) => {
    expect(quotedPart(text)).toBe('')
  })

  it('threat: a line of a million digits above a quote is read once', () => {
    expect(quotedPart(`Hello\n${'1'.repeat(1_000_000)}\nwrote:\n> Hello`)).toBe('wrote:\n> Hello')
  })
})
