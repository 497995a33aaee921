import { explanations } from './explanations.ts'
import type { Explanation } from './explanations.ts'
import type { Observation, Part } from './what-left.ts'

const HEADINGS: readonly (readonly [Part, string, string])[] = [
  ['sent', 'What was sent', 'by'],
  ['name', 'Names that were looked up', 'by'],
  ['file', 'Files', 'of'],
  ['row', 'Rows of the database', 'of'],
  ['log', 'Lines on standard output and error', 'by'],
  ['other', 'Threads and programs', 'by'],
  ['browser', 'What the site keeps in the browser', 'when'],
]

const INTRODUCTION = `# What leaves, and what stays

One mail was sent through a gateway and a portal in processes of their own, delivered, opened in Chromium with a passcode, read, and closed by signing out. Everything was recorded, and this is all of it: each line is explained, and \`tests/promises/observed-reading.test.ts\` fails when something is seen that is not in this list. \`npm run promises -- --what-leaves\` records again and writes this page.

How it is recorded:

- **Bytes**: a recorder stands before every server there is (portal, gateway, its listener for answers, next hop, mail relay) and keeps both directions. A hook in both processes (\`tests/promises/observe/record-process.ts\`) writes down every connection, datagram, name and child process that they ask the system for, so that there is no server without a recorder.
- **Names**: the same hook, and Chromium's own record of its network.
- **Files**: both processes have a home, a temporary and a working folder of their own. The whole folder is compared before, during and after; what is opened elsewhere is found by the hook and, on Linux, in \`/proc\`. One thing lies elsewhere: in a checkout, not in an installed package, Node keeps the program's own code compiled in \`node_modules/.cache/zegel\`. It does so by itself, out of sight of the hook, and it is code and no data.
- **Rows**: every table of the database after both processes have ended.
- **The browser**: every request of every page, Chromium's own record, and what the site keeps. What Chromium itself writes to its profile, and when it overwrites what a site has deleted, is up to Chromium.

The words of the message, its subject, the name and content of its attachment, the passcode and the half of the key in the mail were then looked for in all of it, as they are, in UTF-16, in hexadecimal, in base64 and base64url from any place: \`npm run promises\` lists these tests.

A run under \`strace\` (by hand, Linux, 21 November 2026) saw both processes open nothing else for writing, connect to nothing but the next hop and the mail relay, and start no program; besides, the system's own resolver asked for its cache daemon and the network's addresses when the gateway looked the name up.

Not in the recording, because one reading with a passcode does not cause it: signing in with an account (the browser goes to the provider, and the portal asks the provider for its keys and the token), answers (the browser sends them sealed to the portal, the portal to the gateway, the gateway to the next hop: [replies.md](replies.md); \`tests/promises/reply-unread.test.ts\` looks for their words), \`zegel check\`, and PostgreSQL in place of the file.
`

/** docs/what-leaves.md: everything that may be there, and whether it was there in this recording. */
export function whatLeavesPage(seen: readonly Observation[]): string {
  const sections = HEADINGS.map(([part, heading, whose]) => {
    const rows = explanations.filter(each => each.part === part)
    const lines = rows.map(each => rowOf(each, seen))
    return `## ${heading}\n\n| ${whose} | what | holds | seen |\n| --- | --- | --- | --- |\n${lines.join('\n')}\n`
  })
  return [INTRODUCTION, ...sections].join('\n')
}

function rowOf({ part, by, what, says }: Explanation, seen: readonly Observation[]): string {
  const fits = (one: string): boolean => (typeof what === 'string' ? what === one : what.test(one))
  const found = seen.filter(each => each.part === part && each.by === by && fits(each.what))
  const name = typeof what === 'string' ? what : (found[0]?.what ?? what.source)
  return `| ${by} | \`${name}\` | ${says} | ${found.length > 0 ? 'yes' : 'not this time'} |`
}
