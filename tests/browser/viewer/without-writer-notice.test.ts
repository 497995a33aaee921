import { describe, expect, it } from 'vitest'
import { toLetter } from '../../../src/browser/viewer/letter/to-letter.ts'
import { withoutWriterNotice } from '../../../src/browser/viewer/letter/without-writer-notice.ts'
import type { Letter } from '../../../src/browser/viewer/letter/letter.ts'
import { filled, write } from '../../server/gateway/support/written-reply.ts'

const read = async (locale: string, ...parts: Parameters<typeof filled>[]): Promise<Letter> =>
  toLetter(
    write(
      {},
      parts.map(part => filled(...part)),
      undefined,
      locale,
    ),
  )

describe('a letter that somebody outside wrote', () => {
  it.each(['en', 'ar', 'ja'])(
    'loses the line of the gateway, and nothing else (%s)',
    async locale => {
      const letter = await read(
        locale,
        [{ role: 'text' }, 'Dear Alice,\n\nthank you.\n'],
        [{ role: 'html' }, '<div dir="auto">Dear Alice,</div><p>thank you.</p>\n'],
      )
      expect(JSON.stringify(letter.sections)).toContain('bob@outside.org')
      const [section, ...others] = withoutWriterNotice(letter).sections
      expect(others).toEqual([])
      expect(section?.html).toMatch(
        /<body>\r?\n<div dir="auto">Dear Alice,<\/div><p>thank you\.<\/p>/,
      )
      expect(JSON.stringify(section)).not.toContain('bob@outside.org')
    },
  )

  it('loses it from plain text too', async () => {
    const letter = await read('en', [{ role: 'text' }, 'Dear Alice,\n\nthank you.\n'])
    const [section] = withoutWriterNotice(letter).sections
    expect(section?.text?.trimEnd()).toBe('Dear Alice,\n\nthank you.')
  })

  it('keeps what does not begin as the gateway begins it', () => {
    const sections = [{ html: '<div>Bob</div><p>x</p>', text: 'one line' }]
    const letter = { sections } as unknown as Letter
    expect(withoutWriterNotice(letter).sections).toEqual(sections)
    const empty = { sections: [] } as unknown as Letter
    expect(withoutWriterNotice(empty)).toBe(empty)
  })
})
