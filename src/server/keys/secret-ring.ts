import { randomBytes } from 'node:crypto'
import type { RingKey, SecretRing } from '../identity/secret-ring.ts'
import type { OrganisationKeyStore, StoredKey } from '../store/store.ts'
import { RING_MARGIN_MS, RING_MS, SECRET_BYTES, SECRET_ROTATION_MS } from './limits.ts'
import { ensureKey, INSTALLATION, newStoredKey, NO_BYTES, unwrapKey } from './own-keys.ts'
import type { RootKey } from './root-key.ts'

/** Secrets that are renewed. The others stand behind rows that cannot be hashed anew. docs/decisions/keys.md */
export type RingName = 'cookie' | 'passcode'

export interface RingNeeds {
  readonly keys: OrganisationKeyStore
  readonly rootKey: RootKey
  readonly clock: () => number
}

export interface KeptRing extends SecretRing {
  /** A new key from now on. */
  rotate(nowMs: number): Promise<void>
  /** A new key when the newest is a month old; those go that can open nothing valid any more. */
  tend(nowMs: number): Promise<void>
}

/**
 * A ring of secrets in the table of keys, the same on every node: each looks there for new keys once a minute,
 * and whenever it meets a key that it does not know.
 * @param openMs how long what a key sealed can be valid, counted from when it last sealed
 */
export async function openSecretRing(
  needs: RingNeeds,
  name: RingName,
  openMs: number,
): Promise<KeptRing> {
  const seen = await seenRing(needs, name)
  const rotate = async (nowMs: number): Promise<void> => {
    await needs.keys.replace(newSecret(needs.rootKey, name, nowMs))
    await seen.reload()
  }
  return {
    all: () => seen.fresh(),
    async current() {
      const [newest] = await seen.fresh()
      if (newest === undefined) throw new Error(`the ${name} key is gone`)
      return newest
    },
    async find(id) {
      const isWanted = (key: RingKey) => key.id === id
      return (await seen.fresh()).find(isWanted) ?? (await seen.reload()).find(isWanted)
    },
    rotate,
    async tend(nowMs) {
      const stored = await needs.keys.list(INSTALLATION, name)
      const current = stored.findLast(key => key.retiredAtMs === null)
      if (current === undefined || isOld(current, nowMs)) await rotate(nowMs)
      const over = stored.filter(key => isOver(key, openMs, nowMs))
      await needs.keys.destroy(
        over.map(({ id }) => id),
        nowMs,
      )
      await seen.reload()
    },
  }
}

/** The ring as this node last saw it. */
interface SeenRing {
  /** At most a minute old; newest first. */
  fresh(): Promise<readonly RingKey[]>
  reload(): Promise<readonly RingKey[]>
}

async function seenRing(needs: RingNeeds, name: RingName): Promise<SeenRing> {
  const { clock } = needs
  let ring = { keys: await readRing(needs, name), readAtMs: clock() }
  const read = inTurn(async () => {
    const nowMs = clock()
    ring = { keys: await readRing(needs, name), readAtMs: nowMs }
  })
  const reload = async () => {
    await read()
    return ring.keys
  }
  const isFresh = () => Math.abs(clock() - ring.readAtMs) < RING_MS
  return { fresh: async () => (isFresh() ? ring.keys : reload()), reload }
}

/** A clock that was ahead for a while made a key of the future, which would stay for as long. */
const isOld = ({ createdAtMs }: StoredKey, nowMs: number): boolean =>
  Math.abs(nowMs - createdAtMs) >= SECRET_ROTATION_MS

/** A node may seal with the old key until it looks for a new one. */
function isOver(key: StoredKey, openMs: number, nowMs: number): boolean {
  if (key.wrappedPrivateKey === null || key.retiredAtMs === null) return false
  const sinceMs = nowMs - key.retiredAtMs
  return sinceMs >= RING_MS + openMs + RING_MARGIN_MS || -sinceMs >= SECRET_ROTATION_MS
}

/** Newest first; made when there is none. */
async function readRing(needs: RingNeeds, name: RingName): Promise<readonly RingKey[]> {
  const { keys, rootKey, clock } = needs
  const current = await ensureKey(keys, INSTALLATION, name, () => newSecret(rootKey, name, clock()))
  const stored = await keys.list(INSTALLATION, name)
  const others = stored.filter(key => key.id !== current.id && key.wrappedPrivateKey !== null)
  return [current, ...others.toReversed()].map(key => ({
    id: key.id,
    secret: unwrapKey(rootKey, key),
  }))
}

function newSecret(rootKey: RootKey, purpose: RingName, createdAtMs: number): StoredKey {
  return newStoredKey(
    { publicKey: NO_BYTES, privateKey: randomBytes(SECRET_BYTES) },
    { organisationId: INSTALLATION, purpose, createdAtMs },
    rootKey,
  )
}

/**
 * Runs `work` once at a time; who asks while it runs waits for the next run, so that everyone sees what was
 * there when they asked, and a flood of unknown keys costs one read at a time.
 */
function inTurn(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null
  let next: Promise<void> | null = null
  const run = (): Promise<void> => {
    next = null
    running = work().finally(() => {
      running = null
    })
    return running
  }
  return () => {
    if (running === null) return run()
    next ??= running.then(run, run)
    return next
  }
}
