import { describe, expect, it } from 'vitest'
import { SHARED_FIELD, SHARED_PATH } from '../../../src/core/api/shared-file.ts'
import { takeHere } from '../../../src/browser/service-worker/take-here.ts'
import { createOrganisation, messageHtmlOf, wrapMail } from '../../support/sealed-message.ts'

const origin = 'https://portal.example'
const signature = `${'A'.repeat(86)}==`
const posted = `envelope=QUJD\r\nREVG\r\nsignature=${signature}\r\n`
const PAGE = '<!doctype html><title>The reader</title>'

/** A navigation as a browser makes it; nobody else can make one with a destination. */
function request(path: string, body: BodyInit, about: Partial<Request> = {}): Request {
  const made = new Request(`${origin}${path}`, { method: 'POST', body })
  return Object.defineProperties(
    made,
    Object.fromEntries(
      Object.entries({ destination: 'document', mode: 'navigate', ...about }).map(
        ([name, value]) => [name, { value }],
      ),
    ),
  )
}

/** A portal that answers `/read` so, and `POST /open` with its own page. */
function portal(answer: () => Response = () => page()) {
  const asked: string[] = []
  const uploaded: string[] = []
  const fetch = async (about: RequestInfo | URL): Promise<Response> => {
    const sent = about instanceof Request ? about : new Request(about)
    asked.push(`${sent.method} ${new URL(sent.url).pathname}`)
    if (sent.method === 'GET') return answer()
    uploaded.push(await sent.text())
    return new Response('the portal’s own page')
  }
  return { fetch, clock: () => 1000, asked, uploaded }
}

function page(about: Partial<Response> = {}): Response {
  const headers = {
    'Content-Security-Policy': "default-src 'none'",
    'Content-Type': 'text/html; charset=UTF-8',
    'Content-Encoding': 'br',
  }
  const made = new Response(PAGE, { headers })
  return Object.defineProperties(
    made,
    Object.fromEntries(Object.entries(about).map(([name, value]) => [name, { value }])),
  )
}

/** What a portal may answer instead of its page. */
const faults: readonly (readonly [string, () => Response])[] = [
  ['is busy', () => new Response('no', { status: 503 })],
  ['leads to another host', () => page({ redirected: true })],
  [
    'cannot be reached',
    () => {
      throw new TypeError('Failed to fetch')
    },
  ],
]

describe('the service worker leaves to the portal', () => {
  it.each([
    ['a page within a page', '/open', { destination: 'iframe' }],
    ['what scripts send', '/open', { mode: 'cors', destination: '' }],
    ['any other page', '/open/other', {}],
    ['the portal’s own calls', '/api/release', {}],
    ['what is asked for', '/open', { method: 'GET' }],
  ] as const)('%s', (_what, path, about) => {
    expect(takeHere(request(path, posted, about), portal())).toBeNull()
  })
})

describe('a posted message', () => {
  it('stands in the portal’s page, which is asked for anew, under the portal’s policy, and is uploaded nowhere', async () => {
    const its = portal()
    const answer = await takeHere(request('/open', posted), its)
    const text = await answer?.text()
    expect(text).toBe(
      `${PAGE}<script type="application/octet-stream" id="envelope" data-signature="${signature}">` +
        'QUJD\r\nREVG\r\n</script><span hidden></span>',
    )
    expect(answer?.headers.get('content-security-policy')).toBe("default-src 'none'")
    expect(answer?.headers.get('content-type')).toBe('text/html; charset=UTF-8')
    expect(answer?.headers.has('content-encoding')).toBe(false)
    expect(its.asked).toEqual(['GET /read'])
  })

  it.each(faults)('goes to the portal as it came when the portal %s', async (_what, answer) => {
    const its = portal(answer)
    const answered = await takeHere(request('/open', posted), its)
    expect(await answered?.text()).toBe('the portal’s own page')
    expect(its.uploaded).toEqual([posted])
  })

  it.each([
    '',
    'x',
    'envelope=</script><script>alert(1)</script>\r\n',
    posted.replace('QUJD', '<b>'),
  ])('that is none goes to the portal, and nothing of it into a page: %j', async body => {
    const its = portal()
    const answered = await takeHere(request('/open', body), its)
    expect(await answered?.text()).toBe('the portal’s own page')
    expect(its.uploaded).toEqual([body])
  })
})

describe('a shared file', () => {
  const shared = (content: string, field = SHARED_FIELD): Request => {
    const form = new FormData()
    form.set(field, new File([content], 'message.html'))
    return request(SHARED_PATH, form)
  }
  const handedIn = async (answer: Response | null | undefined): Promise<unknown> => {
    const block =
      /^<!.*<script type="application\/json" id="handed">(.*)<\/script><span hidden><\/span>$/
    return JSON.parse(block.exec((await answer?.text()) ?? '')?.[1] ?? 'null')
  }

  it('that is no message is said in the portal’s page', async () => {
    const its = portal()
    const answer = await takeHere(shared('<p>A recipe</p>'), its)
    expect(await handedIn(answer)).toEqual({ handed: 'not-a-message', share: '' })
    const other = await takeHere(shared('x', 'another'), its)
    expect(await handedIn(other)).toEqual({ handed: 'not-a-message', share: '' })
    expect(its.asked).toEqual(['GET /read', 'GET /read'])
  })

  it('that no database takes is said too; its share stands in the page alone', async () => {
    const mail = Buffer.from('From: alice@example.com\r\nSubject: x\r\n\r\nHello\r\n')
    const html = messageHtmlOf(await wrapMail(createOrganisation(), mail)).toString('latin1')
    const its = portal()
    const answer = await takeHere(shared(html), its) // Node has no IndexedDB
    expect(await handedIn(answer)).toEqual({
      handed: 'storage-blocked',
      share: expect.stringMatching(/./),
    })
    expect(its.asked).toEqual(['GET /read'])
  })

  it.each(faults)('goes nowhere when the portal %s', async (_what, fault) => {
    const its = portal(fault)
    const answer = await takeHere(shared('<p>A recipe</p>'), its)
    expect(answer?.type).toBe('error')
    expect(its.asked).toEqual(['GET /read'])
  })
})
