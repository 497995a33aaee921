import { utf8 } from '../../../core/envelope/bytes.ts'
import { withTable } from '../../opener/envelope-table.ts'
import { tabId, touchMessage } from '../../opener/tab-store.ts'
import type { Keeping } from '../composer.ts'
import { draftCipher, newDraftKey } from './draft-cipher.ts'
import type { DraftCipher } from './draft-cipher.ts'
import { draftKeyName, hasKeptDraft } from './has-draft.ts'
import { inOrder } from './in-order.ts'
import { forgetLastWords, keepLastWords, lastWords, openLastWords } from './last-words.ts'
import { readKept, writeKept } from './kept-draft.ts'
import type { KeptDraft } from './kept-draft.ts'

/**
 * Where the draft of this tab is kept: encrypted, beside the message that it answers, under a key that stands with the
 * message's share in sessionStorage and goes when the message goes: closed, signed out in any tab, left over.
 */
export interface DraftStore {
  readonly load: () => Promise<LoadedDraft | null>
  readonly save: (kept: KeptDraft) => Promise<Keeping>
  /** Of a draft that was saved before, when the page goes and nothing can be waited for; `save` follows it. */
  readonly saveAtOnce: (kept: KeptDraft) => void
  readonly saveFile: (id: string, bytes: Blob) => Promise<Keeping>
  readonly removeFile: (id: string) => Promise<void>
  readonly clear: () => Promise<void>
}

export interface LoadedDraft {
  readonly kept: KeptDraft
  /** By their ids; what could not be found again is not here. */
  readonly bytes: ReadonlyMap<string, Blob>
}

const draftName = 'draft'
const lastKeyName = 'last-key'
const fileName = (id: string): string => `file-${id}`
/** The message of a draft under way is not left over. */
const touchEveryMs = 5 * 60 * 1000

/** @param clock this device's */
export function createDraftStore(clock: () => number): DraftStore {
  const id = tabId()
  return id === null ? storeNothing : new TabDraftStore(id, clock).asStore()
}

/** For a message that is in memory alone. */
const storeNothing: DraftStore = {
  load: async () => null,
  save: async () => 'memory',
  saveAtOnce: () => undefined,
  saveFile: async () => 'memory',
  removeFile: async () => undefined,
  clear: async () => undefined,
}

/** The message is gone, and with it all that belongs to it. */
class MessageGone extends Error {}

class TabDraftStore {
  readonly #id: string
  readonly #clock: () => number
  #cipher: Promise<DraftCipher | null> | null = null
  /** Of the last words; null until it is kept. */
  #lastKey: string | null = null
  #isMakingLastKey = false
  #touchedAtMs = 0

  constructor(id: string, clock: () => number) {
    this.#id = id
    this.#clock = clock
  }

  asStore(): DraftStore {
    return {
      load: () => inOrder(() => this.#load()).catch(() => null),
      save: kept => this.#save(kept),
      saveAtOnce: kept => {
        if (this.#lastKey !== null && tabId() === this.#id)
          keepLastWords(this.#lastKey, this.#key(draftName), writeKept(kept))
      },
      saveFile: (id, bytes) =>
        this.#put(fileName(id), async () => new Uint8Array(await bytes.arrayBuffer())),
      removeFile: id => this.#delete(this.#key(fileName(id))),
      clear: () => this.#clear(),
    }
  }

  async #load(): Promise<LoadedDraft | null> {
    if (!hasKeptDraft()) return null
    const json = (await this.#loadLastWords()) ?? (await this.#get(draftName))
    const kept = json === null ? null : readKept(json)
    if (kept === null) return null
    const bytes = new Map<string, Blob>()
    for (const { id } of kept.draft.files) {
      const file = await this.#get(fileName(id))
      if (file !== null) bytes.set(id, new Blob([file]))
    }
    return { kept, bytes }
  }

  async #loadLastWords(): Promise<Uint8Array<ArrayBuffer> | null> {
    const key = await this.#get(lastKeyName)
    if (key === null) return null
    this.#lastKey = new TextDecoder().decode(key)
    return openLastWords(this.#lastKey, this.#key(draftName))
  }

  async #save(kept: KeptDraft): Promise<Keeping> {
    const older = lastWords()
    if (this.#lastKey === null && !this.#isMakingLastKey) void this.#makeLastKey()
    const keeping = await this.#put(draftName, async () => writeKept(kept))
    if (keeping === 'kept') forgetLastWords(older)
    return keeping
  }

  async #makeLastKey(): Promise<void> {
    const key = newDraftKey()
    this.#isMakingLastKey = true
    const keeping = await this.#put(lastKeyName, async () => utf8(key))
    this.#isMakingLastKey = false
    if (keeping === 'kept') this.#lastKey = key
  }

  async #get(name: string): Promise<Uint8Array<ArrayBuffer> | null> {
    const key = this.#key(name)
    const sealed = await withTable<unknown>('readonly', store => store.get(key))
    const cipher = await this.#ciphering()
    return sealed instanceof Uint8Array && cipher !== null
      ? cipher.open(key, Uint8Array.from(sealed))
      : null
  }

  #put(name: string, read: () => Promise<Uint8Array<ArrayBuffer>>): Promise<Keeping> {
    return inOrder(async () => {
      try {
        const cipher = await this.#ciphering()
        if (cipher === null) return 'memory'
        const sealed = await cipher.seal(this.#key(name), await read())
        await this.#write(this.#key(name), sealed)
        this.#touch()
        return 'kept'
      } catch (error) {
        return error instanceof DOMException && error.name === 'QuotaExceededError'
          ? 'full'
          : 'memory'
      }
    })
  }

  async #write(key: string, sealed: Uint8Array<ArrayBuffer>): Promise<void> {
    await withTable('readwrite', store => {
      if (tabId() !== this.#id) throw new MessageGone()
      return store.put(sealed, key)
    })
  }

  async #delete(keys: string | IDBKeyRange): Promise<void> {
    await inOrder(() => withTable('readwrite', store => store.delete(keys))).catch(
      () => undefined, // storage is blocked: nothing to delete
    )
  }

  /** The key too: whoever finds the records somewhere finds noise. */
  async #clear(): Promise<void> {
    this.#forgetKey()
    await this.#delete(IDBKeyRange.bound(`${this.#id}/`, `${this.#id}0`))
    this.#forgetKey() // what was waiting to be kept may have made another
  }

  #forgetKey(): void {
    if (tabId() === this.#id) {
      sessionStorage.removeItem(draftKeyName)
      forgetLastWords(lastWords())
    }
    this.#cipher = null
    this.#lastKey = null
  }

  #ciphering(): Promise<DraftCipher | null> {
    this.#cipher ??= draftCipher(keyOf(this.#id))
    return this.#cipher
  }

  #key(name: string): string {
    return `${this.#id}/${name}`
  }

  #touch(): void {
    const nowMs = this.#clock()
    if (nowMs - this.#touchedAtMs < touchEveryMs) return
    this.#touchedAtMs = nowMs
    touchMessage(nowMs).catch(() => undefined) // storage is blocked
  }
}

/** @throws {MessageGone} */
function keyOf(id: string): string {
  if (tabId() !== id) throw new MessageGone()
  const kept = sessionStorage.getItem(draftKeyName) ?? newDraftKey()
  sessionStorage.setItem(draftKeyName, kept)
  return kept
}
