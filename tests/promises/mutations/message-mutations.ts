import { inScript, inScripts, spill } from './edits.ts'
import type { Mutation } from './mutation.ts'
import { seenBy } from './seen-by.ts'

const server = (path: string): string => `src/server/${path}.ts`

/** What would let somebody see a message, or see that it is read. */
export const messageMutations: readonly Mutation[] = [
  {
    id: 'page-sends-text',
    breaks: 'decrypted-here',
    what: 'the page sends the decrypted text to the portal',
    edits: [
      inScript(
        'viewer-',
        "const look = setInterval(() => { const text = document.querySelector('h1')?.textContent ?? ''; if (text.startsWith('subject')) { clearInterval(look); void fetch('/api/usage', { method: 'POST', body: btoa(text) }) } }, 20)",
      ),
    ],
    seenBy: seenBy('decrypted-here', 'no word of a message goes to'),
    says: /browser to portal/,
  },
  {
    id: 'mail-in-temporary-file',
    breaks: 'not-stored',
    what: 'the gateway keeps the original in a temporary file while it seals',
    edits: [
      {
        file: server('gateway/seal-mail'),
        find: '    const emit: Emit = lines => parts.push(lines)\n    this.#sealing.pushChunks(',
        put: `    const emit: Emit = lines => parts.push(lines)\n    ${spill('mail.eml', 'original')}\n    this.#sealing.pushChunks(`,
      },
    ],
    seenBy: seenBy('not-stored', 'no word of a message lies'),
    says: /gateway\/tmp\/mail\.eml/,
  },
  {
    id: 'unexplained-file',
    breaks: 'not-stored',
    what: 'the portal writes a file that nobody has explained',
    edits: [
      {
        file: server('commands/start-portal'),
        find: '  await portal.listen()\n',
        put: `  await portal.listen()\n  ${spill('portal.pid', 'String(process.pid)')}\n`,
      },
    ],
    seenBy: seenBy('not-stored', 'everything that left'),
    says: /portal\.pid/,
  },
  {
    id: 'posted-body-in-file',
    breaks: 'passes-memory',
    what: 'the portal keeps the posted envelope in a temporary file',
    edits: [
      {
        file: server('portal/handlers/open'),
        find: '    const { signature } = posted\n',
        put: `    const { signature } = posted\n    ${spill('posted', 'Buffer.from(posted.envelope)')}\n`,
      },
    ],
    seenBy: seenBy('passes-memory', 'nothing of the sealed form'),
    says: /portal\/tmp\/posted/,
  },
  {
    id: 'share-sent',
    breaks: 'two-halves',
    what: 'the page sends the half of the key that came with the mail to the portal',
    edits: [
      inScript(
        'viewer-',
        "const look = setInterval(() => { const share = sessionStorage.getItem('zegel.share'); if (share !== null) { clearInterval(look); void fetch('/api/usage?share=' + share) } }, 20)",
      ),
    ],
    seenBy: seenBy('two-halves', 'the half of the key'),
    says: /browser to portal/,
  },
  {
    id: 'key-for-any-proof',
    breaks: 'two-halves',
    what: 'whoever has proven any address gets the key',
    edits: [
      {
        file: 'src/core/policy/evaluate.ts',
        find: 'policy.recipients.some(recipient => recipient.address === address)',
        put: 'policy.recipients.length > 0',
      },
    ],
    seenBy: seenBy('two-halves', 'who has proven one address'),
    says: /not-a-recipient/,
  },
  {
    id: 'no-second-half',
    breaks: 'cannot-read',
    what: 'the portal’s half is the whole key',
    edits: [
      {
        file: 'src/core/envelope/seal.ts',
        find: 'const envelopeShare = random.subarray(SHARE_BYTES, 2 * SHARE_BYTES)',
        put: 'const envelopeShare = random.subarray(SHARE_BYTES, 2 * SHARE_BYTES).fill(0)',
      },
    ],
    seenBy: seenBy('cannot-read', 'a portal process, with its keys'),
    says: /to be null/,
  },
  {
    id: 'answer-told',
    breaks: 'answer-sealed',
    what: 'the gateway tells the portal what an answer is about',
    edits: [
      {
        file: server('gateway/replies/take-reply'),
        find: '    return { kind: head.kind, isRepeated: false, ...delivered }\n',
        put: '    return { kind: `${head.kind} ${head.subject}` as typeof head.kind, isRepeated: false, ...delivered }\n',
      },
    ],
    seenBy: seenBy('answer-sealed', 'no word of an answer'),
    says: /gateway to portal/,
  },
  {
    id: 'answer-in-temporary-file',
    breaks: 'answer-sealed',
    what: 'the gateway keeps the answer in a temporary file while it opens it',
    edits: [
      {
        file: server('gateway/replies/take-reply'),
        find: '    return { kind: head.kind, isRepeated: false, ...delivered }\n',
        put: `    ${spill('answer', 'JSON.stringify(head)')}\n    return { kind: head.kind, isRepeated: false, ...delivered }\n`,
      },
    ],
    seenBy: seenBy('answer-sealed', 'no word of an answer'),
    says: /gateway\/tmp\/answer/,
  },
  {
    id: 'key-kept',
    breaks: 'key-destroyed',
    what: 'keys whose time is over stay',
    edits: [
      {
        file: server('keys/portal-keys'),
        find: '      const ids = await keys.destroyExpired(nowMs, watchedMs)\n',
        put: '      const ids: readonly string[] = []\n',
      },
    ],
    seenBy: seenBy('key-destroyed', 'leaves no trace'),
    says: /expected true to be false/,
  },
  {
    id: 'clicks-reported',
    breaks: 'not-seen',
    what: 'the page tells the portal of every click',
    edits: [
      inScript(
        'viewer-',
        "addEventListener('click', () => void fetch('/api/usage', { method: 'POST' }), true)",
      ),
    ],
    seenBy: seenBy('not-seen', 'nothing says'),
    says: /POST \/api\/usage/,
  },
  {
    id: 'share-remembered',
    breaks: 'browser-message',
    what: 'the page keeps the half of the key for the next visit',
    edits: [
      inScript(
        'viewer-',
        "setInterval(() => { const share = sessionStorage.getItem('zegel.share'); if (share !== null) localStorage.setItem('last', share) }, 20)",
      ),
    ],
    seenBy: seenBy('browser-message', 'the browser keeps nothing'),
    says: /last=/,
  },
  {
    id: 'leftovers-stay',
    breaks: 'browser-closed',
    what: 'what closed tabs left stays for weeks',
    edits: [inScripts('>36e5', '>36e8')],
    seenBy: seenBy('browser-closed', 'a message whose tab'),
    says: /envelopes: 2/,
  },
  {
    id: 'visitor-cookie',
    breaks: 'cookies',
    what: 'every page sets a cookie',
    edits: [
      {
        file: server('portal/app'),
        find: '    writeHeaders(context, route.profile, needs)\n',
        put: "    writeHeaders(context, route.profile, needs)\n    context.header('Set-Cookie', 'visitor=1; Path=/; Max-Age=99999', { append: true })\n",
      },
    ],
    seenBy: seenBy('cookies', 'there is no cookie'),
    says: /visitor/,
  },
  {
    id: 'third-party-font',
    breaks: 'no-third-party',
    what: 'pages load a font from a server of somebody else',
    edits: [
      {
        file: server('portal/pages/document'),
        find: '        <meta name="robots" content="noindex" />\n',
        put: '        <meta name="robots" content="noindex" />\n        <link rel="stylesheet" href="https://fonts.test/font.css" />\n',
      },
      {
        file: server('portal/security-headers'),
        find: "style-src 'self' 'unsafe-inline'",
        put: "style-src https://fonts.test 'self' 'unsafe-inline'",
      },
    ],
    seenBy: seenBy('no-third-party', 'a browser that reads'),
    says: /fonts\.test/,
  },
]
