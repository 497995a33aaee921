import { describe, expect, it } from 'vitest'
import { readMailboxes } from '../../../../src/browser/viewer/mail/addresses.ts'

function shown(text: string): readonly string[] {
  return readMailboxes(text).map(({ name, address, group, ambiguous }) =>
    [name, `<${address}>`, group === null ? '' : `of ${group}`, ambiguous ? 'AMBIGUOUS' : '']
      .filter(word => word !== '')
      .join(' '),
  )
}

describe('mailboxes for showing', () => {
  it.each([
    ['a@b.example', ['<a@b.example>']],
    ['<a@b.example>', ['<a@b.example>']],
    ['Ann Lee <a@b.example>', ['Ann Lee <a@b.example>']],
    ['"Lee, Ann" <a@b.example>', ['Lee, Ann <a@b.example>']],
    ['"Ann \\"A\\" Lee" <a@b.example>', ['Ann "A" Lee <a@b.example>']],
    ['a@b.example (Ann Lee)', ['Ann Lee <a@b.example>']],
    ['=?utf-8?q?Ann=2C_Lee?= <a@b.example>', ['Ann, Lee <a@b.example>']],
    ['"=?utf-8?q?J=C3=BCrg?=" <a@b.example>', ['Jürg <a@b.example>']],
    ['A <a@b.example>, c@d.example', ['A <a@b.example>', '<c@d.example>']],
    [',, a@b.example,', ['<a@b.example>']],
    [
      'a@b.example,\tc@d.example\t,\t D <e@f.example>',
      ['<a@b.example>', '<c@d.example>', 'D <e@f.example>'],
    ],
    ['"quoted local"@b.example', ['<"quoted local"@b.example>']],
    ['jürg@zürich.example', ['<jürg@zürich.example>']],
    [
      'All: a@b.example, C <c@d.example>; e@f.example',
      ['<a@b.example> of All', 'C <c@d.example> of All', '<e@f.example>'],
    ],
    ['undisclosed-recipients:;', ['undisclosed-recipients <> of undisclosed-recipients']],
    ['', []],
  ])('reads %j', (text, expected) => {
    expect(shown(text)).toEqual(expected)
  })

  it.each([
    ['Someone', ['Someone <> AMBIGUOUS']],
    ['<a@b@c.example>', ['<a@b@c.example> AMBIGUOUS']],
    ['boss@bank.example <me@else.example>', ['boss@bank.example <me@else.example> AMBIGUOUS']],
    ['<a@b.example> <c@d.example>', ['<a@b.example> AMBIGUOUS', '<c@d.example> AMBIGUOUS']],
    ['<a@b.example>:<c@d.example>', [': <a@b.example> AMBIGUOUS', ': <c@d.example> AMBIGUOUS']],
    ['<@relay.example:a@b.example>', ['<@relay.example:a@b.example> AMBIGUOUS']],
    ['A <a@b.example> behind', ['A behind <a@b.example> AMBIGUOUS']],
    ['A <a@b.example', ['A <a@b.example> AMBIGUOUS']],
    ['"A <a@b.example>', ['<"A <a@b.example>"> AMBIGUOUS']],
    ['a@b.example>', ['<a@b.example> AMBIGUOUS']],
    ['=?utf-8?q?a?=@b.example', ['<=?utf-8?q?a?=@b.example> AMBIGUOUS']],
    ['a@(comment)b.example', ['comment <a@b.example>']],
  ])('says that %j is ambiguous', (text, expected) => {
    expect(shown(text)).toEqual(expected)
  })

  it('gives the canonical address only when there is one', () => {
    const [plain, odd] = readMailboxes('Ann@B.Example, <a@b@c.example>')
    expect([plain?.canonical, odd?.canonical]).toEqual(['ann@b.example', null])
  })
})
