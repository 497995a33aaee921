/**
 * The one table of this origin's database: messages that wait between two pages, each under a random
 * id, without their shares. Tabs and the service worker share it. protocol.md §2
 */

/** What one record of the database holds; without the share it opens nothing. */
export interface Entry {
  readonly ageFile: Blob | ArrayBuffer
  readonly signature: Uint8Array<ArrayBuffer>
  readonly stanza: string
  readonly touchedAtMs: number
}

const table = 'envelopes'

/** The entry of that id; undefined when there is none (any more). */
export function readEntry(id: IDBValidKey): Promise<Entry | undefined> {
  return withTable<Entry | undefined>('readonly', store => store.get(id))
}

/** Some browsers keep no Blob in private windows, but bytes. */
export async function writeEntry(id: string, entry: Entry): Promise<void> {
  const put = (value: Entry): Promise<unknown> =>
    withTable('readwrite', store => store.put(value, id))
  const { ageFile } = entry
  await put(entry).catch(async (error: unknown) => {
    if (!(ageFile instanceof Blob)) throw error
    await put({ ...entry, ageFile: await ageFile.arrayBuffer() })
  })
}

/** @throws what IndexedDB throws: blocked, full, not there */
export async function withTable<T>(
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const database = await openDatabase()
  try {
    const transaction = database.transaction(table, mode)
    const request = work(transaction.objectStore(table))
    await new Promise<void>((resolve, reject) => {
      transaction.addEventListener('complete', () => resolve())
      transaction.addEventListener('abort', () => reject(transaction.error ?? new Error('aborted')))
      transaction.addEventListener('error', () => reject(transaction.error ?? new Error('failed')))
    })
    return request.result
  } finally {
    database.close()
  }
}

/** Safari has left the opening of a database unanswered; a page must not wait for it for ever. */
const openWithinMs = 5000

function openDatabase(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error('database does not open')), openWithinMs)
    const request = indexedDB.open('zegel', 1)
    request.addEventListener('upgradeneeded', () => request.result.createObjectStore(table))
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => reject(request.error ?? new Error('no database')))
    request.addEventListener('blocked', () => reject(new Error('database is blocked')))
  })
}
