import type { Page } from 'playwright-core'

/** What the site keeps in a browser, as its own page can see it. */
export interface KeptInBrowser {
  /** Of every tab that is open. */
  readonly sessionStorage: readonly string[]
  readonly localStorage: readonly string[]
  /** `database/table: number of entries` */
  readonly databases: readonly string[]
  /** Paths in caches. */
  readonly cached: readonly string[]
  readonly cookies: readonly string[]
  /** Paths of scripts that answer for the site. */
  readonly workers: readonly string[]
}

export async function keptInBrowser(page: Page): Promise<KeptInBrowser> {
  const kept = await page.evaluate(async () => {
    const entries = async ({ name = '' }: IDBDatabaseInfo): Promise<string[]> => {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const opening = indexedDB.open(name)
        opening.addEventListener('success', () => resolve(opening.result))
        opening.addEventListener('error', () => reject(opening.error ?? new Error(name)))
      })
      const tables = [...database.objectStoreNames].map(
        table =>
          new Promise<string>(resolve => {
            const counting = database.transaction(table).objectStore(table).count()
            counting.addEventListener('success', () =>
              resolve(`${name}/${table}: ${counting.result}`),
            )
          }),
      )
      return Promise.all(tables).finally(() => database.close())
    }
    const cached = async (name: string): Promise<string[]> =>
      (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname)
    return {
      sessionStorage: Object.entries(sessionStorage).map(pair => pair.join('=')),
      localStorage: Object.entries(localStorage).map(pair => pair.join('=')),
      databases: (await Promise.all((await indexedDB.databases()).map(entries))).flat(),
      workers: (await navigator.serviceWorker.getRegistrations())
        .map(({ active, waiting, installing }) => active ?? waiting ?? installing)
        .filter(worker => worker !== null)
        .map(({ scriptURL }) => new URL(scriptURL).pathname),
      cached: (await Promise.all((await caches.keys()).map(cached))).flat(),
    }
  })
  const cookies = (await page.context().cookies()).map(({ name }) => name)
  return { ...kept, cookies }
}
