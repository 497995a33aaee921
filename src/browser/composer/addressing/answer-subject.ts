import { MAX_SUBJECT_CHARACTERS } from '../../../core/reply/limits.ts'
import type { ReplyKind } from '../../../core/reply/reply-head.ts'

/**
 * What mail programs of many languages put before the subject of an answer. Single letters (Italian `R:`, `I:`) are left
 * out: they may be words of the subject.
 */
const answers =
  're|aw|antw|antwort|sv|vs|vá|odp|ynt|yan|rif|ref|réf|rép|res|resp|bls|atb|απ|σχετ|отв|ответ|відп|відповідь|на|' +
  'תגובה|השב|رد|回复|回覆|答复|答覆|返信|회신|답장'
const forwards =
  'fwd|fw|wg|tr|rv|enc|doorst|vb|vl|pd|i̇lt|ilt|trans|πρθ|προώθ|пересл|пер|הועבר|إعادة توجيه|转发|轉寄|轉發|転送|전달'

/** With a count, as `Re[2]:` and `Re^2:`; the colon may be a wide one. */
const runOf = (names: string): RegExp =>
  new RegExp(
    `^(?:\\s*(?:${names})(?:\\[\\d{1,3}\\]|\\(\\d{1,3}\\)|\\^\\d{1,3})?\\s*[:：])+\\s*`,
    'iu',
  )
const answered = runOf(answers)
const forwarded = runOf(forwards)

/** `Re: ` or `Fwd: ` once, whatever others have put there; one line. */
export function answerSubject(kind: ReplyKind, subject: string): string {
  const line = subject.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim()
  const [run, prefix] = kind === 'forward' ? [forwarded, 'Fwd: '] : [answered, 'Re: ']
  return (prefix + line.replace(run, '')).slice(0, MAX_SUBJECT_CHARACTERS).trimEnd()
}
