import { appOrBrowser, deviceKind } from './browser-family.ts'
import type { DeviceKind, ReaderProgram } from './browser-family.ts'

/** Reads one field of a request's header; names in lower case. */
export type ReadHeader = (name: string) => string | undefined

/** What may be known of a reader: one word of each list. */
export interface ReaderKind {
  readonly program: ReaderProgram
  readonly device: DeviceKind
}

/**
 * True when the reader's browser asks not to be followed: then nothing at all is counted about them, errors included.
 * https://www.w3.org/TR/tracking-dnt/ §5.2, https://w3c.github.io/gpc/ §3.1. features.md A8
 */
export function wishesNoCounts(header: ReadHeader): boolean {
  return header('dnt')?.trim() === '1' || header('sec-gpc')?.trim() === '1'
}

export function readerKind(header: ReadHeader): ReaderKind {
  const userAgent = header('user-agent') ?? ''
  return { program: appOrBrowser(userAgent, header('zegel-app')), device: deviceKind(userAgent) }
}
