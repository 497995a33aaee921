/** What is known of the bytes of an upload that have left this device. */
export interface UploadWatch {
  /** So many have. @param loaded of the whole body */
  readonly tell: (loaded: number) => void
  /** Whether all may have: a browser tells it late, and in steps. */
  readonly mayBeWhole: () => boolean
}

/** A browser that is busy, or a buffer of the system: what is told was true so long ago at most. Milliseconds. */
const toldLateMs = 1000
/** Faster than it was until now. */
const margin = 2

/**
 * @param total bytes of the body
 * @param clock this page's, milliseconds
 * @param isOffline the browser knows that it has no connection to begin with
 */
export function watchUpload(total: number, clock: () => number, isOffline: boolean): UploadWatch {
  const startedAtMs = clock()
  let told = { loaded: 0, atMs: startedAtMs }
  return {
    tell: loaded => {
      told = { loaded, atMs: clock() }
    },
    mayBeWhole: () => {
      if (told.loaded === 0) return !isOffline
      const perMs = told.loaded / Math.max(1, told.atMs - startedAtMs)
      const since = (clock() - told.atMs + toldLateMs) * perMs * margin
      return told.loaded + since >= total
    },
  }
}
