import { PAGE_ERROR_CODES } from '../../core/api/page-error-codes.ts'
import type { PageErrorCode } from '../../core/api/page-error-codes.ts'

/** The count that a trouble of the page goes into; null for what the portal said, and counted, itself. */
export function countedAs(code: string): PageErrorCode | null {
  if (code === 'internal') return 'portal-error'
  return PAGE_ERROR_CODES.find(known => known === code && known !== 'too-large') ?? null
}
