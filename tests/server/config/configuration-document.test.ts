import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { renderReference, renderSchema } from '../../../scripts/configuration-document.ts'

const DOCS = join(import.meta.dirname, '../../../docs')

describe('generated documents', () => {
  it('docs/configuration.md is what the schema says: node scripts/write-configuration-docs.ts', async () => {
    expect(await readFile(join(DOCS, 'configuration.md'), 'utf8')).toBe(await renderReference())
  })

  it('docs/zegel.schema.json is what the schema says: node scripts/write-configuration-docs.ts', async () => {
    expect(await readFile(join(DOCS, 'zegel.schema.json'), 'utf8')).toBe(await renderSchema())
  })

  it('say of every key what it is', async () => {
    const rows = (await renderReference()).split('\n').filter(line => line.startsWith('| `'))
    expect(rows.length).toBeGreaterThan(60)
    expect(rows.filter(row => row.split(' | ')[3]?.trim() === '')).toEqual([])
  })

  it('forbid unknown keys in an editor too', async () => {
    const schema = JSON.parse(await renderSchema()) as Record<string, unknown>
    expect(schema).toMatchObject({
      additionalProperties: false,
      required: ['organisations'],
      properties: { gateway: { additionalProperties: false } },
    })
  })
})
