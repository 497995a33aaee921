import type { Address } from '../address/address.ts'
import { parseAddress } from '../address/address.ts'
import type { Assurance, Permissions, Policy, PolicyRecipient, PolicyWriter } from './policy.ts'

export type PolicyErrorCode = 'unknown-field' | 'missing-field' | 'wrong-value'

/** A policy that is not exactly what envelope.md §2 describes. `field` names the place. */
export class PolicyError extends Error {
  readonly code: PolicyErrorCode
  readonly field: string

  constructor(code: PolicyErrorCode, field: string) {
    super(`policy: ${code}: ${field}`)
    this.name = 'PolicyError'
    this.code = code
    this.field = field
  }
}

/** More recipients than any record of 64 KiB can hold. */
const MAX_RECIPIENTS = 10_000
/** People inside that an answer may go to; those beyond are left out by whoever seals. */
export const MAX_INSIDE = 100
/** Bounds every text of a policy. */
const MAX_TEXT_LENGTH = 4096
/** 9999-12-31T23:59:59.999Z */
const MAX_TIME_MS = 253_402_300_799_999

const ID = /^[A-Za-z0-9_-]{22}$/
const ORGANISATION_ID = /^[a-z0-9][a-z0-9-]{0,62}$/
const LOCALE = /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$/

/** A JSON object whose fields are known, or a PolicyError. */
export function exactObject(
  value: unknown,
  names: readonly string[],
  place: string,
  optional: readonly string[] = [],
): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new PolicyError('wrong-value', place)
  const fields = value as Record<string, unknown>
  const unknown = Object.keys(fields).find(
    name => !names.includes(name) && !optional.includes(name),
  )
  if (unknown !== undefined) throw new PolicyError('unknown-field', `${place}.${unknown}`)
  const missing = names.find(name => !Object.hasOwn(fields, name))
  if (missing !== undefined) throw new PolicyError('missing-field', `${place}.${missing}`)
  return fields
}

const POLICY_FIELDS = [
  'messageId',
  'organisationId',
  'sender',
  'senderName',
  'recipients',
  'createdAtMs',
  'expiresAtMs',
  'permissions',
  'assurance',
  'template',
  'locale',
  'conversationId',
  'replyRecipient',
] as const
const OPTIONAL_FIELDS = ['writer', 'inside'] as const

/**
 * Reads the policy of a sealed record. envelope.md §2
 * @throws {PolicyError} for an unknown or missing field and for any value out of form.
 */
export function parsePolicy(value: unknown): Policy {
  const fields = exactObject(value, POLICY_FIELDS, 'policy', OPTIONAL_FIELDS)
  return {
    messageId: matching(fields['messageId'], ID, 'messageId'),
    organisationId: matching(fields['organisationId'], ORGANISATION_ID, 'organisationId'),
    sender: address(fields['sender'], 'sender'),
    senderName: text(fields['senderName'], 'senderName'),
    recipients: recipients(fields['recipients']),
    createdAtMs: time(fields['createdAtMs'], 'createdAtMs'),
    expiresAtMs: fields['expiresAtMs'] === null ? null : time(fields['expiresAtMs'], 'expiresAtMs'),
    permissions: permissions(fields['permissions']),
    assurance: assurance(fields['assurance']),
    template: text(fields['template'], 'template'),
    locale: matching(fields['locale'], LOCALE, 'locale'),
    conversationId: matching(fields['conversationId'], ID, 'conversationId'),
    replyRecipient: text(fields['replyRecipient'], 'replyRecipient'),
    ...(Object.hasOwn(fields, 'writer') ? { writer: writer(fields['writer']) } : {}),
    ...(Object.hasOwn(fields, 'inside') ? { inside: inside(fields['inside']) } : {}),
  }
}

function writer(value: unknown): PolicyWriter {
  const fields = exactObject(value, ['address', 'method', 'assurance'], 'writer')
  const { method } = fields
  if (method !== 'passcode' && method !== 'account' && method !== 'passkey')
    throw new PolicyError('wrong-value', 'writer.method')
  return {
    address: address(fields['address'], 'writer.address'),
    method,
    assurance: assurance(fields['assurance']),
  }
}

/** At least one: a field that says nothing is left out. */
function inside(value: unknown): readonly Address[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_INSIDE)
    throw new PolicyError('wrong-value', 'inside')
  const list = value.map(entry => address(entry, 'inside'))
  if (new Set(list).size !== list.length) throw new PolicyError('wrong-value', 'inside')
  return list
}

function text(value: unknown, field: string): string {
  if (typeof value !== 'string' || value.length > MAX_TEXT_LENGTH)
    throw new PolicyError('wrong-value', field)
  return value
}

function matching(value: unknown, form: RegExp, field: string): string {
  const result = text(value, field)
  if (!form.test(result)) throw new PolicyError('wrong-value', field)
  return result
}

/** Only the canonical form itself is accepted: nothing is corrected behind a signature. */
function address(value: unknown, field: string): Address {
  const parsed = parseAddress(text(value, field))
  if (parsed === null || parsed !== value) throw new PolicyError('wrong-value', field)
  return parsed
}

function time(value: unknown, field: string): number {
  if (!Number.isSafeInteger(value)) throw new PolicyError('wrong-value', field)
  const ms = Number(value)
  if (ms < 0 || ms > MAX_TIME_MS) throw new PolicyError('wrong-value', field)
  return ms
}

function flag(value: unknown, field: string): boolean {
  if (typeof value !== 'boolean') throw new PolicyError('wrong-value', field)
  return value
}

function recipients(value: unknown): readonly PolicyRecipient[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_RECIPIENTS)
    throw new PolicyError('wrong-value', 'recipients')
  const list = value.map((entry: unknown) => {
    const fields = exactObject(entry, ['address', 'listed'], 'recipients')
    return {
      address: address(fields['address'], 'recipients.address'),
      listed: flag(fields['listed'], 'recipients.listed'),
    }
  })
  if (new Set(list.map(entry => entry.address)).size !== list.length)
    throw new PolicyError('wrong-value', 'recipients')
  return list
}

function permissions(value: unknown): Permissions {
  const fields = exactObject(value, ['reply', 'forward', 'print'], 'permissions')
  return {
    reply: flag(fields['reply'], 'permissions.reply'),
    forward: flag(fields['forward'], 'permissions.forward'),
    print: flag(fields['print'], 'permissions.print'),
  }
}

function assurance(value: unknown): Assurance {
  if (value === 'mailbox' || value === 'account' || value === 'mfa') return value
  throw new PolicyError('wrong-value', 'assurance')
}
