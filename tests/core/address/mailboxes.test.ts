import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseMailboxes } from '../../../src/core/address/mailboxes.ts'

const read: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
  ['alice@example.com', [['', 'alice@example.com']]],
  ['<alice@example.com>', [['', 'alice@example.com']]],
  ['Alice <alice@example.com>', [['Alice', 'alice@example.com']]],
  ['Alice de Vries <alice@example.com>', [['Alice de Vries', 'alice@example.com']]],
  ['"Vries, Alice de" <alice@example.com>', [['Vries, Alice de', 'alice@example.com']]],
  ['"A \\"B\\" C" <alice@example.com>', [['A "B" C', 'alice@example.com']]],
  ['=?utf-8?Q?Andr=C3=A9?= <andre@example.com>', [['André', 'andre@example.com']]],
  ['=?utf-8?B?QW5kcsOp?= =?utf-8?Q?_B?= <andre@example.com>', [['André B', 'andre@example.com']]],
  ['=?iso-8859-1?Q?Andr=E9?= <andre@example.com>', [['André', 'andre@example.com']]],
  ['J. R. Hacker <jr@example.com>', [['J. R. Hacker', 'jr@example.com']]],
  ['root@example.com (Cron Daemon)', [['Cron Daemon', 'root@example.com']]],
  ['Alice (office) <alice@example.com>', [['Alice', 'alice@example.com']]],
  ['Alice <alice@example.com> (office)', [['Alice', 'alice@example.com']]],
  ['"two words"@example.com', [['', '"two words"@example.com']]],
  [
    'A <a@example.com>, b@example.com,"C, D" <c@example.com>',
    [
      ['A', 'a@example.com'],
      ['', 'b@example.com'],
      ['C, D', 'c@example.com'],
    ],
  ],
  ['Zoë <zoe@example.com>', [['Zoë', 'zoe@example.com']]],
  ['"<boss@bank.example>" <alice@example.com>', [['<boss@bank.example>', 'alice@example.com']]],
]

const refused: readonly (readonly [string, string])[] = [
  ['', 'nothing'],
  [',', 'two nothings'],
  ['alice@example.com,', 'an empty place'],
  ['undisclosed-recipients:;', 'an empty group'],
  ['Friends: a@example.com, b@example.com;', 'a group'],
  ['a@example.com; b@example.com', 'a semicolon'],
  ['<@relay.example:alice@example.com>', 'a source route'],
  ['<alice@example.com>:<mallory@evil.example>', 'two addresses joined by a colon'],
  ['alice@example.com <mallory@evil.example>', 'an address as a name without quotes'],
  ['<alice@example.com> <mallory@evil.example>', 'two addresses'],
  ['<alice@example.com>mallory@evil.example', 'something behind the bracket'],
  ['alice@example.com mallory@evil.example', 'two addresses with a space'],
  ['alice(<mallory@evil.example>)@example.com', 'a comment with an address'],
  ['alice@example.com (mallory@evil.example)', 'an address in a comment'],
  ['alice(x)@example.com', 'a comment inside an address'],
  ['alice@(x)example.com', 'a comment inside a domain'],
  ['<alice@example.com', 'an open bracket'],
  ['alice@example.com>', 'a closing bracket alone'],
  ['"Alice <alice@example.com>', 'an open quote'],
  ['Alice (open <alice@example.com>', 'an open comment'],
  ['Alice <alice@example.com>\u0000, mallory@evil.example', 'NUL'],
  ['Alice\r\nBcc: x <alice@example.com>', 'a line end'],
  ['<alice @example.com>', 'a space in the address'],
  ['<>', 'an empty address'],
  ['Alice <>', 'a name without address'],
  ['[alice@example.com]', 'square brackets'],
  ['alice\\@example.com', 'a backslash'],
  [`${'('.repeat(1000)}${')'.repeat(1000)} a@example.com`, 'deep comments'],
]

describe('parseMailboxes', () => {
  it.each(read)('reads %j', (text, expected) => {
    expect(parseMailboxes(text)?.map(({ name, address }) => [name, address])).toEqual(expected)
  })

  it.each(refused)('refuses %j: %s', text => {
    expect(parseMailboxes(text)).toBeNull()
  })

  it('answers a hostile list of 200,000 characters in one pass', () => {
    for (const unit of ['a,', '"', '(', '<', '\\"', 'a ', '=?utf-8?Q?a?= ', '<a@b.c>,'])
      expect(() => parseMailboxes(unit.repeat(200_000 / unit.length))).not.toThrow()
  })

  it('reads back any list of names that it is given in quotes', () => {
    const name = fc.string({ unit: 'grapheme' }).filter(text => !/[\p{Cc}]|=\?/u.test(text))
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 5 }), names => {
        const text = names
          .map((each, i) => `"${each.replaceAll(/["\\]/g, '\\$&')}" <a${i}@example.com>`)
          .join(', ')
        expect(parseMailboxes(text)?.map(mailbox => mailbox.name)).toEqual(names)
      }),
    )
  })
})
