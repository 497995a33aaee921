import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openAgeFile, readAgeHeader } from '../../src/core/envelope/open.ts'
import { readMessageHtml } from '../../src/core/envelope/read-message-html.ts'
import { openKeysOfGateway, openKeysOfPortal } from '../../src/server/commands/open-keys.ts'
import { loadConfig } from '../../src/server/config/load-config.ts'
import { openStore } from '../../src/server/store/open-store.ts'
import { canary, messageHtml, newest, readAsBrowser, sendMail } from './read-as-browser.ts'
import { searchForShare } from './share-search.ts'
import { startSeparateRoles } from './separate-roles.ts'

async function allFiles(folder: string): Promise<Buffer> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = names.filter(entry => entry.isFile())
  return Buffer.concat(
    await Promise.all(files.map(file => readFile(join(file.parentPath, file.name)))),
  )
}

describe('the portal cannot read the mail (protocol.md §0)', () => {
  test('a portal process, with its keys, its database and all it received and answered, lacks the envelope share', async () => {
    const roles = await startSeparateRoles()
    await sendMail(roles)
    const html = await messageHtml(roles)
    const plain = Buffer.from((await readAsBrowser(roles, html)).plain).toString('utf8')
    expect(plain).toContain(canary)

    const stolen = await roles.copyPortalFiles()
    const config = await loadConfig(join(stolen, 'zegel.yaml'), {})
    const store = await openStore(config.store.url)
    const keys = await openKeysOfPortal(
      { config, store, environment: {}, clock: Date.now },
      'portal',
    )
    const { ageFile, share } = readMessageHtml(html)
    const opened = await keys.openStanza(readAgeHeader(ageFile).stanzaText)
    await store.close()
    if (!opened.ok || share === null) throw new Error('the attack did not get the portal share')

    const recording = roles.recording()
    expect(
      recording.includes(Buffer.from(ageFile).subarray(0, 3000).toString('base64').slice(0, 600)),
    ).toBe(true)
    const heap = Buffer.concat([recording, await allFiles(stolen)])
    expect(heap.includes(canary)).toBe(false)
    const small = heap.subarray(0, 2 * 1024 * 1024)
    expect(small.length).toBe(heap.length)
    expect(searchForShare(ageFile, opened.record.portalShare, heap)).toBeNull()
    expect(() => openAgeFile(ageFile, opened.record.portalShare)).toThrow(/wrong-key/)

    // The search works: with the share among what the portal answered, it opens the message.
    const spoiled = Buffer.concat([
      recording.subarray(-100_000),
      Buffer.from(`x${Buffer.from(share).toString('base64url')}`),
    ])
    const fileKey = searchForShare(ageFile, opened.record.portalShare, spoiled)
    expect(Buffer.from(openAgeFile(ageFile, fileKey ?? Buffer.alloc(16))).toString()).toContain(
      canary,
    )
  })

  test('whoever has the mail and not the portal lacks the portal share', async () => {
    const roles = await startSeparateRoles()
    await sendMail(roles)
    const raw = Buffer.from(await (await fetch(`${await newest(roles)}/raw`)).arrayBuffer())
    expect(raw.includes(canary)).toBe(false)
    const { ageFile, share } = readMessageHtml(await messageHtml(roles))
    if (share === null) throw new Error('message.html has no share')
    expect(searchForShare(ageFile, share, raw)).toBeNull()
    expect(() => openAgeFile(ageFile, share)).toThrow(/wrong-key/)
  })

  test('neither role can unwrap the keys of the other with its own root key', async () => {
    const roles = await startSeparateRoles()
    const stolen = await roles.copyPortalFiles()
    const config = await loadConfig(join(stolen, 'zegel.yaml'), {})
    const swapped = {
      ...config,
      gateway: { ...config.gateway, rootKey: config.portal.rootKey },
    }
    const store = await openStore(config.store.url)
    const needs = { config: swapped, store, environment: {}, clock: Date.now }
    await expect(openKeysOfGateway(needs)).rejects.toThrow(/wrapped by another root key/)
    await store.close()
  })
})
