import { describe, expect, it } from 'vitest'
import { ofOriginal, ownFiles } from '../../../src/browser/composer/forwarded-files.ts'
import { wouldLose } from '../../../src/browser/composer/use-leave-warning.ts'
import type { Composer } from '../../../src/browser/composer/composer.ts'
import type { DraftFile } from '../../../src/browser/composer/draft.ts'
import type { Attachment } from '../../../src/browser/viewer/letter/letter.ts'

const bytes = new Blob(['12345'])
const attachment = (name: string, inline = false): Attachment => ({
  name,
  type: 'text/plain',
  inline,
  bytes,
  charset: null,
  content: null,
  unpackedFrom: null,
})
const file = (name: string, more: Partial<DraftFile> = {}): DraftFile => ({
  id: name,
  name,
  type: 'text/plain',
  bytes,
  contentId: null,
  isOriginal: false,
  ...more,
})
const original = (name: string, at: number): DraftFile =>
  file(name, { id: `attachment-${at}`, isOriginal: true })

describe('files of a forwarded letter', () => {
  it('go along or are left out, each by itself; pictures of its text are not among them', () => {
    const letter = { attachments: [attachment('a'), attachment('b'), attachment('c', true)] }
    const files = [original('b', 1), file('own'), file('shown', { contentId: 'x@picture' })]
    const originals = ofOriginal(letter, files)
    expect(originals.map(one => [one.attachment.name, one.file?.id ?? null])).toEqual([
      ['a', null],
      ['b', 'attachment-1'],
    ])
    expect(ownFiles(originals, files).map(({ name }) => name)).toEqual(['own'])
  })

  it('are not taken for one added here, nor for one another, of the same name and length', () => {
    const letter = { attachments: [attachment('scan.pdf'), attachment('scan.pdf')] }
    const files = [original('scan.pdf', 1), file('scan.pdf')]
    const originals = ofOriginal(letter, files)
    expect(originals.map(one => one.file)).toEqual([null, files[0]])
    expect(ownFiles(originals, files)).toEqual([files[1]])
  })
})

describe('the question before a page is left', () => {
  const composer = (
    keeping: 'kept' | 'full' | 'memory',
    written: string,
    kind: 'writing' | 'delivering' = 'writing',
  ) =>
    ({
      keeping: { value: keeping },
      sending: { value: { kind } },
      draft: { value: { written, files: [] } },
    }) as unknown as Composer

  it('is asked only where something would be lost', () => {
    expect(wouldLose(composer('kept', 'words'))).toBe(false)
    expect(wouldLose(composer('memory', ''))).toBe(false)
    expect(wouldLose(composer('memory', 'words'))).toBe(true)
    expect(wouldLose(composer('full', 'words'))).toBe(true)
    expect(wouldLose(composer('kept', 'words', 'delivering'))).toBe(true)
  })
})
