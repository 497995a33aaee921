import { describe, expect, it } from 'vitest'
import { testPortal } from './support/test-portal.ts'
import { visitor } from './support/visitor.ts'
import type { Asked } from './support/visitor.ts'

const ONE = [{ id: 'example', name: 'Example & Co', domains: ['example.com'] }]

const ask = async (path: string, asked: Asked = {}): Promise<Response> =>
  visitor((await testPortal({ organisations: ONE })).portal).ask(path, asked)

interface WebAppManifest {
  readonly [key: string]: unknown
  readonly icons: readonly { src: string; sizes: string; type: string }[]
}

describe('the web app manifest', () => {
  it('names the organisation in the reader’s language, and what the app takes', async () => {
    const response = await ask('/manifest.webmanifest?lang=nl')
    expect(response.headers.get('content-type')).toBe('application/manifest+json; charset=UTF-8')
    expect(await response.json()).toMatchObject({
      id: '/',
      name: 'Example & Co: beveiligde e-mail',
      short_name: 'Example & Co',
      lang: 'nl',
      dir: 'ltr',
      start_url: '/open?lang=nl',
      display: 'standalone',
      share_target: {
        action: '/open/shared',
        params: { files: [{ name: 'message', accept: ['text/html', '.html', '.htm'] }] },
      },
      file_handlers: [{ action: '/open', accept: { 'text/html': ['.html', '.htm'] } }],
    })
  })

  it('is linked from every page', async () => {
    for (const path of ['/', '/open', '/read', '/privacy'])
      expect(await (await ask(path)).text()).toContain(
        '<link rel="manifest" href="/manifest.webmanifest?lang=en" />',
      )
  })

  it('has icons that are served, as large as they say', async () => {
    const { icons } = (await (await ask('/manifest.webmanifest')).json()) as WebAppManifest
    expect(icons).toHaveLength(3)
    for (const { src, sizes, type } of icons) {
      const response = await ask(src)
      expect(response.headers.get('content-type')).toBe(type)
      const png = Buffer.from(await response.arrayBuffer())
      expect(`${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`).toBe(sizes) // PNG §11.2.1
    }
  })
})

describe('the service worker', () => {
  it('is one script at the root, asked for again each time, and may fetch from this origin alone', async () => {
    const { status, headers } = await ask('/service-worker.js')
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(headers.get('cache-control')).toBe('no-cache')
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none';.*connect-src 'self'/,
    )
  })

  it('stands in the release manifest that zegel verify compares', async () => {
    const manifest = (await (await ask('/.well-known/zegel-release.json')).json()) as {
      assets: Record<string, string>
    }
    expect(manifest.assets['/service-worker.js']).toMatch(/^sha384-/)
  })
})

describe('a file that is shared where no service worker is left', () => {
  it('is not read: the page asks for it', async () => {
    const body = new FormData()
    body.set('message', new File(['<p>secret</p>'], 'message.html'))
    const response = await ask('/open/shared', { method: 'POST', body })
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toBe('/open?lang=en')
  })
})
