import { readFile } from 'node:fs/promises'
import { checkKeyPair } from './check-key-pair.ts'
import type { KeyPair } from './read-key-pair.ts'

export interface KeyPairWatch {
  /** Two paths. */
  readonly files: KeyPair
  /** What is in use. */
  readonly current: KeyPair
  /** Puts a new pair to use. @throws when certificate and key do not fit together */
  readonly take: (pair: KeyPair) => void
  readonly onRenewed: () => void
  /** The files cannot be read or do not fit; the old pair stays. Told once for each state of the files. */
  readonly onUnusable: (error: unknown) => void
  readonly everyMs?: number
}

/** A certificate that was renewed is in use after so long. */
const lookEveryMs = 60_000

/**
 * Looks at the files' content now and then, which holds for every way of putting new ones in their place (renamed,
 * written over, a link that leads elsewhere). One that is changed before the other is left until both fit.
 * @returns what ends it
 */
export function watchKeyPair(watch: KeyPairWatch): () => void {
  const { files, take, onRenewed, onUnusable, everyMs = lookEveryMs } = watch
  let seen = watch.current
  let isLooking = false
  const look = async (): Promise<void> => {
    const found = await readPair(files).catch((error: unknown) => ({ error }))
    const pair = 'error' in found ? { certificate: '', key: '' } : found
    if (pair.certificate === seen.certificate && pair.key === seen.key) return
    seen = pair
    if ('error' in found) {
      onUnusable(found.error)
      return
    }
    try {
      checkKeyPair(pair)
      take(pair)
    } catch (error) {
      onUnusable(error)
      return
    }
    onRenewed()
  }
  const timer = setInterval(() => {
    if (isLooking) return
    isLooking = true
    void look().finally(() => (isLooking = false))
  }, everyMs)
  timer.unref()
  return () => clearInterval(timer)
}

async function readPair(files: KeyPair): Promise<KeyPair> {
  const [certificate, key] = await Promise.all([
    readFile(files.certificate, 'utf8'),
    readFile(files.key, 'utf8'),
  ])
  return { certificate, key }
}
