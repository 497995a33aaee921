import { openStore } from '../../../src/server/store/open-store.ts'

/** One node of `processes.test.ts`: counts and uses one challenge many times at once, and says what it got. */
const [url = '', calls = ''] = process.argv.slice(2)
const store = await openStore(url)
const all = <T>(call: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: Number(calls) }, call))

const [tries, used, takes] = await Promise.all([
  all(() => store.passcodes.countTry('tried', 0)),
  all(() => store.passcodes.use('used')),
  all(() => store.rates.take('key', 0, 1)),
])
await store.close()
process.stdout.write(JSON.stringify({ tries, used: used.filter(Boolean).length, takes }))
