import { parseHeader } from '../../core/envelope/age-header.ts'
import { fromBase64 } from '../../core/envelope/base64.ts'
import { MAX_HEADER_BYTES } from '../../core/envelope/limits.ts'
import type { HeaderToCheck } from '../../core/envelope/open-web.ts'
import { runInWorker } from '../ui/worker-task.ts'
import { releaseKey } from './release-key.ts'
import { readLetter } from './letter/read-letter.ts'
// oxlint-disable-next-line import/default -- Vite gives the module its default export
import openLetterUrl from './open-letter-worker.ts?worker&url'
import type { EnvelopeErrorCode } from '../../core/envelope/errors.ts'
import type { ReleaseAnswer } from '../../core/api/messages.ts'
import type { KeptMessage } from '../opener/tab-store.ts'
import type { Letter } from './letter/letter.ts'
import type { OpenLetterAnswer, OpenLetterRequest } from './open-letter.ts'
import type { PortalApi, Refusal } from './portal-api.ts'
import type { ReleasedKey } from './release-key.ts'

/** How far it is; `done` and `total` are bytes. */
export interface LetterStage {
  readonly name: 'key' | 'decrypt' | 'read'
  readonly done?: number
  readonly total?: number
}

/** Why a message is not shown although the portal released its share. */
export type LetterProblem = EnvelopeErrorCode | 'worker-failed'

/** A letter that is genuine in every part. envelope.md §6 */
export interface ShownLetter {
  readonly release: ReleaseAnswer
  /** Of the message; an answer is handed over with it. */
  readonly stanza: string
  /** The complete original mail, byte for byte. */
  readonly mail: Blob
  /** Null when it is genuine but no program could read it; `why` says which way it failed. */
  readonly letter: Letter | null
  readonly why: 'unreadable' | 'time-limit' | null
}

export type Shown =
  | { readonly ok: true; readonly shown: ShownLetter }
  | { readonly ok: false; readonly refusal: Refusal }
  | { readonly ok: false; readonly problem: LetterProblem }

/**
 * The last step of the way: the portal's share is released and unsealed, the file is decrypted and
 * its signature checked, the mail is read; only then there is anything to show. envelope.md §6
 * @param stopped ends the work; what comes of it then is nobody's business
 */
export async function showMessage(
  message: KeptMessage,
  portal: PortalApi,
  onStage: (stage: LetterStage) => void,
  stopped: AbortSignal,
): Promise<Shown> {
  onStage({ name: 'key' })
  const released = await releaseKey(portal, message.stanza, message.share)
  if (!released.ok) return released
  const opened = await open(message, released.value, onStage, stopped)
  if (!opened.ok) return { ok: false, problem: opened.code }
  onStage({ name: 'read' })
  const { release } = released.value
  const read = await readLetter(opened.mail, stopped)
  const letter = await asShown(read.letter, release)
  const { stanza } = message
  return { ok: true, shown: { release, stanza, mail: opened.original, ...read, letter } }
}

async function asShown(letter: Letter | null, { writer }: ReleaseAnswer): Promise<Letter | null> {
  if (letter === null || writer === undefined) return letter
  const module = await import('./letter/without-writer-notice.ts').catch(() => null)
  return module?.withoutWriterNotice(letter) ?? letter
}

async function open(
  { ageFile, signature }: KeptMessage,
  { fileKey, release }: ReleasedKey,
  onStage: (stage: LetterStage) => void,
  stopped: AbortSignal,
): Promise<OpenLetterAnswer | { readonly ok: false; readonly code: 'worker-failed' }> {
  try {
    const header = await headerOf(ageFile)
    const signingKey = fromBase64(release.signingKey) ?? new Uint8Array()
    return await runInWorker<OpenLetterAnswer>({
      url: openLetterUrl,
      request: { ageFile, header, signature, fileKey, signingKey } satisfies OpenLetterRequest,
      stopped,
      onProgress: (done, total) => onStage({ name: 'decrypt', done, total }),
    })
  } catch {
    return { ok: false, code: 'worker-failed' }
  }
}

/** Read once more where the message was taken in by an earlier page. */
async function headerOf(ageFile: Blob): Promise<HeaderToCheck> {
  const start = new Uint8Array(await ageFile.slice(0, MAX_HEADER_BYTES).arrayBuffer())
  const { macInput, mac, length } = parseHeader(start)
  return { macInput, mac, length }
}
