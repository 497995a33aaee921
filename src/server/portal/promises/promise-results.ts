import { readFile } from 'node:fs/promises'
import { z } from 'zod'

const result = z.enum(['passed', 'failed', 'missing'])
const promiseTest = z.strictObject({ file: z.string(), title: z.string(), result })

/** What `npm run promises` found. */
const resultsSchema = z.strictObject({
  /** Of the program that was tested. */
  version: z.string(),
  /** Hash of its sources: scripts/promise-sources.mjs removes results of other ones. */
  sources: z.string().regex(/^[0-9a-f]{64}$/),
  /** `2026-11-21` */
  date: z.iso.date(),
  /** How long after a request the memory was looked at. */
  waitSeconds: z.number(),
  promises: z.array(z.strictObject({ id: z.string(), tests: z.array(promiseTest) })),
  /** Promises broken on purpose, and how many of them a test saw; null: not tried. */
  mutations: z.strictObject({ tried: z.int(), seen: z.int() }).nullable(),
})

export type PromiseResults = z.infer<typeof resultsSchema>
export type PromiseResult = z.infer<typeof result>

/**
 * The results of this version; null when there are none: then nothing is said to have been checked.
 * @param file `dist/promises.json`
 */
export async function readPromiseResults(
  file: URL,
  version: string,
): Promise<PromiseResults | null> {
  const text = await readFile(file, 'utf8').catch(() => null)
  if (text === null) return null
  const read = resultsSchema.safeParse(parseJson(text))
  return read.success && read.data.version === version ? read.data : null
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
