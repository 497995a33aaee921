import { describe, expect, it } from 'vitest'
import { readContacts } from '../../../../src/browser/viewer/mail/contacts/read-contacts.ts'
import { MAX_CARDS } from '../../../../src/browser/viewer/mail/limits.ts'
import { bytesOf, utf8 } from './mail-text.ts'

const card = (...lines: readonly string[]): string =>
  ['BEGIN:VCARD', ...lines, 'END:VCARD', ''].join('\r\n')
const only = (text: string) => readContacts(utf8(text), null)?.cards[0]

describe('readContacts', () => {
  it('reads a card of version 4.0 (RFC 6350)', () => {
    const text = card(
      'VERSION:4.0',
      'FN:Dr. Simon Perreault',
      'N:Perreault;Simon;;Dr.;',
      'ORG:Viagénie;Research',
      'TITLE:Engineer\\, senior',
      'item1.TEL;VALUE=uri;TYPE="work,cell";PREF=1:tel:+1-418-262-6501',
      'EMAIL;TYPE=work:simon@example.com',
      'ADR;TYPE=work:;Suite D2-630;2875 Laurier;Quebec;QC;G1V 2M2;Canada',
      'URL:https://example.com/',
      'BDAY:--0203',
      'NOTE:One\\nTwo',
      'PHOTO:data:image/png;base64,iVBORw==',
    )
    expect(only(text)).toEqual({
      name: 'Dr. Simon Perreault',
      organisation: 'Viagénie, Research',
      title: 'Engineer, senior',
      phones: [{ value: '+1-418-262-6501', kinds: ['work', 'cell', 'preferred'] }],
      mails: [{ value: 'simon@example.com', kinds: ['work'] }],
      addresses: [
        { value: 'Suite D2-630, 2875 Laurier, Quebec, QC, G1V 2M2, Canada', kinds: ['work'] },
      ],
      urls: [{ value: 'https://example.com/', kinds: [] }],
      birthday: '--02-03',
      note: 'One\nTwo',
      photo: { type: 'image/png', bytes: Uint8Array.of(0x89, 0x50, 0x4e, 0x47) },
    })
  })

  it('reads a card of version 3.0 (RFC 2426) with a folded picture', () => {
    const text = card(
      'N:Doe;Jane;;;',
      'PHOTO;ENCODING=b;TYPE=JPEG:/9j/\r\n 4AAQ',
      'BDAY:1990-05-31',
    )
    expect(only(text)).toMatchObject({
      name: 'Jane Doe',
      birthday: '1990-05-31',
      photo: { type: 'image/jpeg', bytes: Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 16) },
    })
  })

  it('reads a card of version 2.1: bare types, quoted-printable over several lines, its charset', () => {
    const text = card(
      'VERSION:2.1',
      'N;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:M=FCller;J=',
      '=F6rg',
      'TEL;HOME;VOICE;PREF:123',
      'TEL;FAX:456',
      'NOTE;QUOTED-PRINTABLE:a=0D=0Ab',
    )
    expect(only(text)).toMatchObject({
      name: 'Jörg Müller',
      phones: [
        { value: '123', kinds: ['home', 'preferred'] },
        { value: '456', kinds: ['fax'] },
      ],
      note: 'a\nb',
    })
    const raw = bytesOf(card('FN;CHARSET=ISO-8859-5:\u00bf\u00e0\u00d8'))
    expect(readContacts(raw, null)?.cards[0]?.name).toBe('При')
  })

  it('never takes a picture from elsewhere', () => {
    expect(only(card('FN:a', 'PHOTO;VALUE=URI:https://evil.example/x.png'))?.photo).toBeNull()
    expect(only(card('FN:a', 'PHOTO:https://evil.example/x.png'))?.photo).toBeNull()
    expect(only(card('FN:a', 'PHOTO:data:text/html;base64,PGI+'))?.photo).toBeNull()
  })

  it('makes a name of what the card has', () => {
    expect(only(card('ORG:Zegel;Lab'))?.name).toBe('Zegel, Lab')
    expect(only(card('EMAIL:a@b.example'))?.name).toBe('a@b.example')
    expect(only(card('FN:a\u202eb\u0007'))?.name).toBe('a b')
  })

  it('lists only so many cards', () => {
    const found = readContacts(utf8(card('FN:a').repeat(MAX_CARDS + 5)), null)
    expect([found?.cards.length, found?.more]).toEqual([MAX_CARDS, 5])
  })

  it.each(['', 'hello', card(), card('NOTE:nobody')])('is null for %j', text => {
    expect(readContacts(utf8(text), null)).toBeNull()
  })
})
