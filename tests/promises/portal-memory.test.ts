import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { expect, onTestFinished, test, vi } from 'vitest'
import { inspect, inspectedArgs } from './process-memory.ts'
import type { Inspected } from './process-memory.ts'
import { canary, messageHtml, readAsBrowser, sendMail } from './read-as-browser.ts'
import { found, foundAnywhere } from './secret-search.ts'
import type { Secrets } from './secret-search.ts'
import { startSeparateRoles } from './separate-roles.ts'

// A hundred megabytes are looked through for each form of each secret: minutes on a machine that does more besides.
vi.setConfig({ testTimeout: 600_000 })

async function foundAlive(secrets: Secrets, portal: Inspected): Promise<readonly string[]> {
  const { strings, bytes } = await portal.living()
  expect(strings).toContain('gateway-certifying') // the snapshot has the strings of the program
  return found(secrets, Buffer.concat([Buffer.from(strings, 'latin1'), bytes]))
}

/** What puts a secret into the process, in one form each. */
const plantings: Readonly<Record<string, (hex: string) => string>> = {
  bytes: hex => `Buffer.from('${hex}', 'hex')`,
  'bytes of a text in UTF-16': hex =>
    `Buffer.from(Buffer.from('${hex}', 'hex').toString('base64'), 'utf16le')`,
  'a text': hex => `Buffer.from('${hex}', 'hex').toString('latin1')`,
  base64: hex => `Buffer.from('${hex}', 'hex').toString('base64')`,
  'base64 inside a longer text': hex => `Buffer.from('7b7b${hex}7d', 'hex').toString('base64')`,
  base64url: hex => `Buffer.from('${hex}', 'hex').toString('base64url')`,
  hexadecimal: hex => `Buffer.from('${hex}', 'hex').toString('hex').toUpperCase()`,
}

/** A snapshot ends a string at its first NUL. */
const bytesWithoutZero = (): Uint8Array => randomBytes(16).map(byte => byte || 1)

test('after a complete reading nothing that opens the message, and no passcode, is in the memory of the portal', async () => {
  const roles = await startSeparateRoles({ portalArgs: inspectedArgs })
  const portal = await inspect(roles.portal.output())
  onTestFinished(() => portal.close())
  await sendMail(roles)
  const { plain, passcode, fileKey, envelopeShare } = await readAsBrowser(
    roles,
    await messageHtml(roles),
  )
  expect(Buffer.from(plain).toString()).toContain(canary)
  const opening: Secrets = new Map([
    ['envelope share', envelopeShare],
    ['file key', fileKey],
    ['plaintext', Buffer.from(canary)],
  ])
  const secrets: Secrets = new Map([...opening, ['passcode', Buffer.from(passcode)]])

  // What the portal never had is in no byte of the process, also not in what it has given back.
  const hasProc = existsSync(`/proc/${roles.portal.pid}/mem`)
  if (hasProc) expect(await foundAnywhere(opening, roles.portal.pid)).toEqual([])
  expect(await foundAlive(secrets, portal)).toEqual([])

  // The search works: what is planted in the same process is found, in every form.
  const planted: Secrets = new Map(Object.keys(plantings).map(form => [form, bytesWithoutZero()]))
  const expressions = Object.entries(plantings).map(([form, plant]) =>
    plant(Buffer.from(planted.get(form) ?? '').toString('hex')),
  )
  await portal.run(`globalThis.planted = [${expressions.join(', ')}]; undefined`)
  expect(await foundAlive(planted, portal)).toEqual([...planted.keys()])
  const [first] = planted
  if (hasProc && first !== undefined)
    expect(await foundAnywhere(new Map([first]), roles.portal.pid)).toEqual([first[0]])
})
