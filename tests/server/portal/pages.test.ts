import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { accentOf } from '../../../src/core/envelope/accent.ts'
import { testPortal } from './support/test-portal.ts'
import type { TestPortalOptions } from './support/test-portal.ts'
import { ORIGIN, visitor } from './support/visitor.ts'

const ONE = [{ id: 'example', name: 'A "Quoted" <Name> & Sons', domains: ['example.com'] }]
const PAGES = ['/', '/open', '/read', '/leave', '/privacy', '/promises']

async function pageOf(
  path: string,
  headers: Record<string, string> = {},
  options: TestPortalOptions = {},
) {
  const { portal } = await testPortal({ organisations: ONE, ...options })
  const response = await visitor(portal).ask(path, { headers })
  return { response, text: await response.text() }
}

describe('every page', () => {
  it.each(PAGES)(
    '%s has language, title, main landmark, one heading, privacy and the organisation',
    async path => {
      const { response, text } = await pageOf(path)
      expect(response.headers.get('content-type')).toBe('text/html; charset=UTF-8')
      expect(text).toMatch(/<html lang="en" dir="ltr">/)
      expect(text).toMatch(/<title>[^<]+<\/title>/)
      expect(text.match(/<main/g)).toHaveLength(1)
      expect(text.match(/<h1/g)).toHaveLength(1)
      expect(text).toMatch(/href="\/privacy/)
      expect(text).toContain('A &quot;Quoted&quot; &lt;Name&gt; &amp; Sons')
      expect(text).toContain('mail.example.com')
    },
  )

  it.each(PAGES)(
    '%s loads nothing from elsewhere, and scripts and styles with their integrity',
    async path => {
      const { text } = await pageOf(path)
      const loaded = text.matchAll(/(?:src|href)="([^"]+)"/g)
      for (const [, address] of loaded) expect(address).toMatch(/^(?:\/|#)/)
      for (const [tag] of text.matchAll(
        /<(?:script[^>]* src|link[^>]*(?:stylesheet|modulepreload))[^>]*>/g,
      ))
        expect(tag).toMatch(/integrity="sha384-/)
      expect(text).not.toMatch(/<script>|onclick|javascript:/)
    },
  )

  it('/open asks ahead for what the reader needs, in its language, and for no file twice', async () => {
    const { portal } = await testPortal({ organisations: ONE })
    const who = visitor(portal)
    const filesOf = async (path: string): Promise<string[]> => {
      const page = await (await who.ask(path, { headers: { 'accept-language': 'nl' } })).text()
      const [, script = ''] = /<script[^>]* src="([^"]+)"/.exec(page) ?? []
      const links = page.matchAll(/href="(\/assets\/[^"]+\.(?:js|css))"/g)
      const files = [...links].map(([, file = '']) => file)
      expect(files).toContain(script)
      return files
    }
    const [open, read] = [await filesOf('/open'), await filesOf('/read')]
    expect(read.filter(file => file.includes('/viewer-'))).toHaveLength(2)
    expect(read.filter(file => file.includes('/read-'))).toHaveLength(1)
    expect(open).toEqual(expect.arrayContaining(read))
    for (const files of [open, read]) expect(new Set(files).size).toBe(files.length)
  })

  it('speaks the reader’s language: chosen, else wished by the browser', async () => {
    const { portal } = await testPortal({ organisations: ONE })
    const who = visitor(portal)
    const languageOf = async (path: string, wish: string) =>
      /<html lang="([^"]*)"/.exec(
        await (await who.ask(path, { headers: { 'accept-language': wish } })).text(),
      )?.[1]
    expect(await languageOf('/', 'nl-BE, en;q=0.5')).toBe('nl')
    expect(await languageOf('/?lang=en', 'nl')).toBe('en')
    expect(await languageOf('/?lang="><script>', 'nl')).toBe('en')
    expect(await languageOf('/nothing-here', 'nl')).toBe('nl')
  })

  it('offers the other languages, each in its own name', async () => {
    const { text } = await pageOf('/privacy')
    expect(text).toMatch(/<a href="\/privacy\?lang=nl" lang="nl" hreflang="nl">Nederlands<\/a/)
  })

  it('hands the page its settings without a way out of the block', async () => {
    const organisations = [{ ...ONE[0], name: '</script><script>alert(1)</script>' }]
    const { text } = await pageOf('/read', {}, { organisations })
    expect(text).not.toContain('<script>alert')
    const json = /<script type="application\/json" id="config">([^]*?)<\/script>/.exec(text)?.[1]
    expect(JSON.parse(json ?? '')).toEqual({
      organisation: {
        id: 'example',
        name: '</script><script>alert(1)</script>',
        accent: '#8c2f28',
        logo: '',
        privacyAddress: '',
      },
      locale: 'en',
      portalHost: 'mail.example.com',
      askForFile: false,
    })
  })

  it('wears the organisation’s colour by a style that the policy names, corrected for contrast', async () => {
    const organisations = [{ ...ONE[0], accent: '#ffee00' }]
    const { response, text } = await pageOf('/', {}, { organisations })
    const style = /<style>([^<]*)<\/style>/.exec(text)?.[1] ?? ''
    expect(style).toContain(`--accent:${accentOf('#ffee00').light};`)
    const hash = createHash('sha256').update(style).digest('base64')
    expect(response.headers.get('content-security-policy')).toContain(`'sha256-${hash}'`)
  })

  it('belongs to no organisation where one portal serves several', async () => {
    const { text } = await pageOf(
      '/open',
      {},
      { organisations: [...ONE, { id: 'b', name: 'B', domains: ['b.example'] }] },
    )
    expect(text).not.toContain('Quoted')
  })

  it('has no page for a wrong address, and says what to do', async () => {
    const { response, text } = await pageOf('/wrong')
    expect(response.status).toBe(404)
    expect(text).toContain('There is no such page')
    // What was asked for is the asker's own text: it never becomes the address of a link.
    expect(text).toContain('href="?lang=nl"')
    expect(text).toContain('href="/open?lang=en"')
  })

  it('names whom to ask about privacy', async () => {
    const privacy = { contactMail: 'privacy@example.com', contactPost: 'Street 1\nTown' }
    const { text } = await pageOf('/privacy', {}, { portal: { privacy } })
    expect(text).toContain('mailto:privacy@example.com')
    expect(text).toMatch(/Street 1<br \/>\s*Town/)
  })
})

describe('assets', () => {
  it('are served with type, for ever, whole or compressed; nothing else of the folder is', async () => {
    const { portal } = await testPortal()
    const who = visitor(portal)
    const plain = await who.ask('/assets/zegel-EEEE5555.css')
    expect(plain.headers.get('content-type')).toBe('text/css; charset=utf-8')
    const text = await plain.text()
    const small = await who.ask('/assets/zegel-EEEE5555.css', {
      headers: { 'accept-encoding': 'gzip, br' },
    })
    expect(small.headers.get('content-encoding')).toBe('br')
    expect(brotliDecompressSync(await small.arrayBuffer()).toString()).toBe(text)
    for (const name of ['notes.txt', '.vite', '.vite/manifest.json', '..%2fpackage.json', 'x.js'])
      expect((await who.ask(`/assets/${name}`)).status).toBe(404)
  })

  it('are all listed with their hashes in the release manifest', async () => {
    const { portal } = await testPortal()
    const who = visitor(portal)
    const manifest = (await (await who.ask('/.well-known/zegel-release.json')).json()) as {
      version: string
      assets: Record<string, string>
    }
    expect(manifest.version).toBe('0.0.0-test')
    expect(Object.keys(manifest.assets)).toContain('/assets/viewer-CCCC3333.js')
    for (const [path, integrity] of Object.entries(manifest.assets)) {
      const bytes = Buffer.from(await (await who.ask(path)).arrayBuffer())
      expect(integrity).toBe(`sha384-${createHash('sha384').update(bytes).digest('base64')}`)
    }
  })

  it('include the organisation’s logo, inert', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'zegel-logo-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const logo = join(folder, 'logo.svg')
    await writeFile(logo, '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
    const { portal } = await testPortal({ organisations: [{ ...ONE[0], logo }] })
    const who = visitor(portal)
    const page = await (await who.ask('/')).text()
    const path = /<img class="logo" src="([^"]+)"/.exec(page)?.[1] ?? ''
    const response = await who.ask(path)
    expect(response.headers.get('content-type')).toBe('image/svg+xml')
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
  })

  it('are missing with a sentence when the pages are not built', async () => {
    const nowhere = new URL('file:///nowhere/')
    await expect(testPortal({ needs: { browserFolder: nowhere } })).rejects.toThrow(/npm run build/)
  })
})

describe('/.well-known/security.txt', () => {
  it('says where to report, and until when it holds', async () => {
    const { text } = await pageOf('/.well-known/security.txt')
    expect(text).toContain('Contact: mailto:security@example.com\n')
    expect(text).toContain('Expires: 2027-05-20T12:00:00.000Z\n')
    expect(text).toContain(`Canonical: ${ORIGIN}/.well-known/security.txt\n`)
    expect(text).toContain('Preferred-Languages: en\n')
  })
})

describe('/metrics', () => {
  it('answers on a port of its own, and not on the portal’s', async () => {
    const { portal } = await testPortal({ portal: { metrics: '127.0.0.1:0' } })
    const { metricsPort } = await portal.listen()
    const response = await fetch(`http://127.0.0.1:${metricsPort}/metrics`)
    expect(await response.text()).toContain('# TYPE zegel_messages_sealed_total counter')
    expect((await fetch(`http://127.0.0.1:${metricsPort}/open`)).status).toBe(404)
    expect((await visitor(portal).ask('/metrics')).status).toBe(404)
  })
})

describe('/health', () => {
  it('is not ready without a database, nor while it ends, but alive', async () => {
    const { portal } = await testPortal()
    const who = visitor(portal)
    await portal.close()
    expect((await who.ask('/health/ready')).status).toBe(503)
    expect((await who.ask('/health/live')).status).toBe(200)
  })
})
