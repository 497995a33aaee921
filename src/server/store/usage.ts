import type { Engine } from './engine.ts'
import type { UsageStore } from './store.ts'

export function usageStore({ db }: Engine): UsageStore {
  return {
    async add(day, metric, dimension, count) {
      await db
        .insertInto('usage_counts')
        .values({ day, metric, dimension, count })
        .onConflict(c =>
          c.columns(['day', 'metric', 'dimension']).doUpdateSet(e => ({
            count: e(e.ref('usage_counts.count'), '+', e.ref('excluded.count')),
          })),
        )
        .execute()
    },
    async list(fromDay, toDay) {
      return db
        .selectFrom('usage_counts')
        .selectAll()
        .where('day', '>=', fromDay)
        .where('day', '<=', toDay)
        .orderBy('day')
        .orderBy('metric')
        .orderBy('dimension')
        .execute()
    },
  }
}
