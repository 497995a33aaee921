/** Writes docs/configuration.md and docs/zegel.schema.json anew: node scripts/write-configuration-docs.ts */

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { renderReference, renderSchema } from './configuration-document.ts'

const docs = join(import.meta.dirname, '../docs')
await writeFile(join(docs, 'configuration.md'), await renderReference())
await writeFile(join(docs, 'zegel.schema.json'), await renderSchema())
