import type { Terminal } from './terminal.ts'

/** A terminal is drawn at most this often. */
const redrawMs = 100
/** SQLite's own, which ours has. */
const pageBytes = 4096

/** Long work on a terminal: how much is done, on one line that is wiped at the end. */
export interface Progress {
  /** `total` undefined: not known. */
  readonly show: (done: number, total?: number) => void
  readonly end: () => void
}

/** Shows nothing when nobody sits at the terminal. */
export function createProgress(label: string, terminal: Terminal): Progress {
  let drawnMs = 0
  let drawn = false
  return {
    show(done, total) {
      const nowMs = performance.now()
      if (!terminal.interactive.stderr || nowMs - drawnMs < redrawMs) return
      drawnMs = nowMs
      drawn = true
      terminal.stderr.write(`\r\u001b[K${label} ${describe(done, total)}`)
    },
    end() {
      if (drawn) terminal.stderr.write('\r\u001b[K')
    },
  }
}

/** The same for the pages of a database. */
export function createPageProgress(
  label: string,
  terminal: Terminal,
): {
  readonly show: (pages: { readonly donePages: number; readonly totalPages: number }) => void
  readonly end: () => void
} {
  const { show, end } = createProgress(label, terminal)
  return {
    show: ({ donePages, totalPages }) => show(donePages * pageBytes, totalPages * pageBytes),
    end,
  }
}

const describe = (done: number, total: number | undefined): string =>
  total === undefined || total === 0
    ? `${megabytes(done)} MB`
    : `${megabytes(done)} of ${megabytes(total)} MB, ${Math.floor((done / total) * 100)} %`

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1)
