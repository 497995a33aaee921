import type { Engine } from './engine.ts'
import { FEWEST_OF_ORGANISATION } from './limits.ts'
import type { OrganisationUsageCount, UsageCount, UsageStore } from './store.ts'

export function usageStore(engine: Engine): UsageStore {
  return {
    add: (day, metric, dimension, count) => add(engine, { day, metric, dimension, count }),
    list: (fromDay, toDay) => list(engine, fromDay, toDay),
    addOfOrganisation: (organisationId, day, metric, count) =>
      addOfOrganisation(engine, { organisationId, day, metric, count }),
    listOfOrganisations: (fromDay, toDay) => listOfOrganisations(engine, fromDay, toDay),
  }
}

async function add({ db }: Engine, row: UsageCount): Promise<void> {
  await db
    .insertInto('usage_counts')
    .values(row)
    .onConflict(c =>
      c.columns(['day', 'metric', 'dimension']).doUpdateSet(e => ({
        count: e(e.ref('usage_counts.count'), '+', e.ref('excluded.count')),
      })),
    )
    .execute()
}

async function list({ db }: Engine, fromDay: string, toDay: string) {
  return db
    .selectFrom('usage_counts')
    .selectAll()
    .where('day', '>=', fromDay)
    .where('day', '<=', toDay)
    .orderBy('day')
    .orderBy('metric')
    .orderBy('dimension')
    .execute()
}

async function addOfOrganisation(engine: Engine, row: OrganisationUsageCount): Promise<boolean> {
  if (row.count >= FEWEST_OF_ORGANISATION) return addMany(engine, row)
  return false
}

async function addMany({ db }: Engine, row: OrganisationUsageCount): Promise<true> {
  const { organisationId: organisation_id, day, metric, count } = row
  await db
    .insertInto('organisation_usage_counts')
    .values({ organisation_id, day, metric, count })
    .onConflict(c =>
      c.columns(['organisation_id', 'day', 'metric']).doUpdateSet(e => ({
        count: e(e.ref('organisation_usage_counts.count'), '+', e.ref('excluded.count')),
      })),
    )
    .execute()
  return true
}

async function listOfOrganisations(
  { db }: Engine,
  fromDay: string,
  toDay: string,
): Promise<readonly OrganisationUsageCount[]> {
  return db
    .selectFrom('organisation_usage_counts')
    .select(['organisation_id as organisationId', 'day', 'metric', 'count'])
    .where('day', '>=', fromDay)
    .where('day', '<=', toDay)
    .orderBy('day')
    .orderBy('metric')
    .orderBy('organisation_id')
    .execute()
}
