import type { Config } from '../config/schema.ts'
import type { KeptRows } from '../portal/kept-rows.ts'
import type { Store } from '../store/store.ts'

interface KeptRowsNeeds {
  readonly config: Pick<Config, 'organisations' | 'journal' | 'audit'>
  readonly store: Pick<Store, 'journal' | 'audit'>
}

/**
 * Rows of before something was switched off, or of a gateway whose own zegel.yaml has it on. Where the database does
 * not answer they are said to be there: a statement may say too much, never too little.
 */
export async function keptRows({ config, store }: KeptRowsNeeds): Promise<KeptRows> {
  const has = async (table: Pick<Store['journal' | 'audit'], 'list'>): Promise<boolean> => {
    const found = config.organisations.map(({ id }) => table.list(id, { limit: 1 }))
    const rows = await Promise.all(found).catch(() => null)
    return rows === null || rows.some(({ length }) => length > 0)
  }
  return {
    journal: !config.journal && (await has(store.journal)),
    audit: !config.audit.enabled && (await has(store.audit)),
  }
}
