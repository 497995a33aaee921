import type { Literal } from './literal.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'
export type LogFormat = 'json' | 'plain'

declare const configured: unique symbol
/** A name from the configuration of this installation, such as where it listens: never of a person. */
export type Configured = string & { readonly [configured]: true }

/** Marks a text as the configuration's own. Give it nothing that came with a mail or a request. */
export function fromConfiguration(text: string): Configured {
  return text as Configured
}

type Value = string | number | boolean

/** Numbers, flags, words of our own source, and what the configuration says. */
export type SafeFields<F extends Readonly<Record<string, Value>>> = {
  readonly [K in keyof F]: F[K] extends Configured
    ? F[K]
    : F[K] extends string
      ? Literal<F[K]>
      : F[K]
}

/**
 * Lines for the people who run the service. By their types no address, subject or network address fits into one;
 * the text of an exception is left out, because it may quote a mail.
 */
export interface Log {
  debug<const E extends string, const F extends Record<string, Value>>(
    event: Literal<E>,
    fields?: SafeFields<F>,
  ): void
  info<const E extends string, const F extends Record<string, Value>>(
    event: Literal<E>,
    fields?: SafeFields<F>,
  ): void
  warn<const E extends string, const F extends Record<string, Value>>(
    event: Literal<E>,
    fields?: SafeFields<F>,
  ): void
  error<const E extends string, const F extends Record<string, Value>>(
    event: Literal<E>,
    fields?: SafeFields<F>,
  ): void
  /** A surprise: the class, the code and the places in our source, not the message. */
  failure<const E extends string>(event: Literal<E>, cause: unknown): void
}

export interface LogNeeds {
  /** Takes one line, its end included. */
  readonly write: (line: string) => void
  readonly clock: () => number
  readonly format?: LogFormat
  /** Lines below this level are dropped. */
  readonly level?: LogLevel
}

const RANK: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 }

export function createLog({ write, clock, format = 'plain', level = 'info' }: LogNeeds): Log {
  const line =
    (at: LogLevel) =>
    (event: string, fields: Readonly<Record<string, Value>> = {}) => {
      if (RANK[at] < RANK[level]) return
      const time = new Date(clock()).toISOString()
      write(
        `${format === 'json' ? asJson(time, at, event, fields) : asText(time, at, event, fields)}\n`,
      )
    }
  return {
    debug: line('debug'),
    info: line('info'),
    warn: line('warn'),
    error: line('error'),
    failure: (event: string, cause: unknown) => line('error')(event, describeFailure(cause)),
  }
}

function asJson(
  time: string,
  level: LogLevel,
  event: string,
  fields: Readonly<Record<string, Value>>,
): string {
  return JSON.stringify({ time, level, event, ...fields })
}

function asText(
  time: string,
  level: LogLevel,
  event: string,
  fields: Readonly<Record<string, Value>>,
): string {
  const pairs = Object.entries(fields).map(([name, value]) => `${name}=${quoted(value)}`)
  return [time, level, event, ...pairs].join(' ')
}

function quoted(value: Value): string {
  const text = String(value)
  return /^[^\s"=\p{Cc}]+$/u.test(text) ? text : JSON.stringify(text)
}

const MAX_FRAMES = 6

function describeFailure(cause: unknown): Readonly<Record<string, Value>> {
  if (!(cause instanceof Error)) return { error: typeof cause }
  const code = 'code' in cause ? String(cause.code) : ''
  return {
    error: cause.constructor.name,
    ...(/^[\w-]{1,40}$/.test(code) ? { code } : {}),
    at: framesOf(cause),
  }
}

/** The lines of the stack that name a place; the first ones repeat the message. */
function framesOf(cause: Error): string {
  const frames = (cause.stack ?? '').split('\n').filter(frame => FRAME.test(frame))
  return frames
    .slice(0, MAX_FRAMES)
    .map(frame => frame.replace(FRAME, '$1').replace(/^.*\/(?=(src|dist|node_modules)\/)/, ''))
    .join(' < ')
}

/** `    at name (file:line:column)` or `    at file:line:column`. */
const FRAME = /^ {4}at (?:[^(@]*\()?((?:file|node):[^)@\s]*:\d+:\d+|\/[^)@\s]*:\d+:\d+)\)?$/
