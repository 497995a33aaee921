import { replies } from './reply.ts'
import type { Reply } from './reply.ts'

/** A line as its verb, in upper case, and the rest. */
export interface Command {
  readonly verb: string
  readonly rest: string
}

/** `MAIL FROM` as the client gave it; RFC 5321 §4.1.1.2, RFC 1870, RFC 6152, RFC 6531, RFC 3461 */
export interface MailCommand {
  /** Empty: the null sender. */
  readonly path: string
  readonly size: number | undefined
  readonly eightBit: boolean
  readonly utf8: boolean
  readonly ret: string | undefined
  readonly envid: string | undefined
}

/** `RCPT TO` as the client gave it; RFC 5321 §4.1.1.3, RFC 3461 */
export interface RcptCommand {
  readonly path: string
  readonly notify: string | undefined
  readonly orcpt: string | undefined
}

/** Extensions that are offered only when the next hop has them. contract.md, Gateway */
export interface Extensions {
  readonly eightBit: boolean
  readonly utf8: boolean
  readonly dsn: boolean
}

export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reply: Reply }

const CR = 0x0d
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Null when the line is no text, or ends in anything but CR LF. */
export function parseCommand(line: Buffer): Command | null {
  const text = lineText(line)
  if (text === null) return null
  const space = text.indexOf(' ')
  return space === -1
    ? { verb: text.toUpperCase(), rest: '' }
    : { verb: text.slice(0, space).toUpperCase(), rest: text.slice(space + 1).trim() }
}

/** The text of a line without CR LF; null for bare CR or LF, control characters and broken UTF-8. */
export function lineText(line: Buffer): string | null {
  if (line.length < 2 || line[line.length - 2] !== CR) return null
  try {
    const text = decoder.decode(line.subarray(0, -2))
    return hasControl(text) ? null : text
  } catch {
    return null
  }
}

/** @param rest what follows `MAIL` */
export function parseMail(rest: string, offered: Extensions): Parsed<MailCommand> {
  const split = splitPath('FROM:', rest)
  if (split === null) return refuse(replies.badSyntax)
  const values = parseParameters(split.parameters, name => mailParameter(name, offered))
  if (!values.ok) return values
  const { value } = values
  const utf8 = value.has('SMTPUTF8')
  if (!utf8 && !isAscii(split.path)) return refuse(replies.needsUtf8)
  const size = value.get('SIZE')
  return {
    ok: true,
    value: {
      path: split.path,
      size: size === undefined ? undefined : Number(size),
      eightBit: value.get('BODY')?.toUpperCase() === '8BITMIME',
      utf8,
      ret: value.get('RET'),
      envid: value.get('ENVID'),
    },
  }
}

export function parseRcpt(rest: string, offered: Extensions, utf8: boolean): Parsed<RcptCommand> {
  const split = splitPath('TO:', rest)
  if (split === null) return refuse(replies.badSyntax)
  if (!utf8 && !isAscii(rest)) return refuse(replies.needsUtf8)
  const values = parseParameters(split.parameters, name => rcptParameter(name, offered))
  if (!values.ok) return values
  return {
    ok: true,
    value: {
      path: split.path,
      notify: values.value.get('NOTIFY'),
      orcpt: values.value.get('ORCPT'),
    },
  }
}

/**
 * RFC 3461 §4, §5.4: what it stands for holds no control character (Postfix spells UTF-8 so, byte by byte). Attack: a line
 * end spelled `+0D+0A`, which the server that writes the delivery report decodes into a header of its own.
 */
const xtext = /^(?:[\x21-\x2a\x2c-\x3c\x3e-\x7e]|\+(?:[2-689A-F][0-9A-F]|7[0-9A-E])){1,500}$/
/** RFC 3461 §4.2, and as UTF-8 what RFC 6533 §3 lets stand as it is. */
const originalRecipient =
  /^[a-z0-9-]{1,40};(?:[\x21-\x2a\x2c-\x3c\x3e-\x7e\u0080-\u{10ffff}]|\+(?:[2-689A-F][0-9A-F]|7[0-9A-E])){1,500}$/iu
const notify = /^(?:never|(?:success|failure|delay)(?:,(?:success|failure|delay)){0,2})$/i

function mailParameter(name: string, offered: Extensions): RegExp | undefined {
  if (name === 'SIZE') return /^\d{1,15}$/
  if (name === 'AUTH') return xtext
  if (name === 'BODY' && offered.eightBit) return /^(?:7bit|8bitmime)$/i
  if (name === 'SMTPUTF8' && offered.utf8) return /^$/
  if (name === 'RET' && offered.dsn) return /^(?:full|hdrs)$/i
  if (name === 'ENVID' && offered.dsn) return xtext
  return undefined
}

function rcptParameter(name: string, offered: Extensions): RegExp | undefined {
  if (name === 'NOTIFY' && offered.dsn) return notify
  if (name === 'ORCPT' && offered.dsn) return originalRecipient
  return undefined
}

/** Each parameter once, known, and of the right form. */
function parseParameters(
  text: string,
  formOf: (name: string) => RegExp | undefined,
): Parsed<ReadonlyMap<string, string>> {
  const values = new Map<string, string>()
  for (const parameter of text.split(' ').filter(part => part !== '')) {
    const equals = parameter.indexOf('=')
    const name = (equals === -1 ? parameter : parameter.slice(0, equals)).toUpperCase()
    const value = equals === -1 ? '' : parameter.slice(equals + 1)
    const form = formOf(name)
    if (form === undefined) return refuse(replies.unknownParameter)
    if (values.has(name) || !form.test(value)) return refuse(replies.badSyntax)
    values.set(name, value)
  }
  return { ok: true, value: values }
}

/** The path between its angle brackets, a quoted local part respected; null when it is not in them. */
function splitPath(keyword: string, rest: string): { path: string; parameters: string } | null {
  if (rest.slice(0, keyword.length).toUpperCase() !== keyword) return null
  const text = rest.slice(keyword.length).trimStart()
  if (!text.startsWith('<')) return null
  const end = closingBracket(text)
  if (end === -1) return null
  const parameters = text.slice(end + 1)
  if (parameters !== '' && !parameters.startsWith(' ')) return null
  return { path: text.slice(1, end), parameters }
}

function closingBracket(text: string): number {
  let quoted = false
  for (let at = 1; at < text.length; at++) {
    const character = text[at]
    if (quoted && character === '\\') at++
    else if (character === '"') quoted = !quoted
    else if (character === '>' && !quoted) return at
  }
  return -1
}

function refuse(answer: Reply): { readonly ok: false; readonly reply: Reply } {
  return { ok: false, reply: answer }
}

function hasControl(text: string): boolean {
  // eslint-disable-next-line no-control-regex
  return /[\x00-\x08\x0a-\x1f\x7f-\x9f]/.test(text)
}

function isAscii(text: string): boolean {
  // eslint-disable-next-line no-control-regex
  return !/[^\x00-\x7f]/.test(text)
}
