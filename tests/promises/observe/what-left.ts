import type { ObservedReading } from './observed-reading.ts'
import { explanationOf } from './explanations.ts'

/** One thing that left or stayed. */
export interface Observation {
  readonly part: Part
  readonly by: string
  /** Without what differs from run to run: ports, hashes, random names. */
  readonly what: string
  /** Null: nobody can say why. */
  readonly explanation: string | null
}

export type Part = 'sent' | 'name' | 'file' | 'row' | 'log' | 'browser' | 'other'

/** All that one complete reading left anywhere, each kind of thing once. */
export function whatLeft(reading: ObservedReading): readonly Observation[] {
  const seen = [
    ...sockets(reading),
    ...requests(reading),
    ...names(reading),
    ...files(reading),
    ...rows(reading),
    ...logLines(reading),
    ...browserKeeps(reading),
  ]
  const unique = new Map(seen.map(each => [each.join('\t'), each]))
  return [...unique.values()].map(([part, by, what]) => ({
    part,
    by,
    what,
    explanation: explanationOf(part, by, what),
  }))
}

type Seen = readonly [part: Part, by: string, what: string]

function sockets({ portal, gateway, roles }: ObservedReading): readonly Seen[] {
  const { nextHop, relay } = roles.recorders
  const known = new Map([
    [`127.0.0.1:${nextHop.port}`, 'next hop'],
    [`127.0.0.1:${relay.port}`, 'mail relay'],
  ])
  return Object.entries({ portal, gateway }).flatMap(([by, { asked }]) =>
    asked
      .filter(({ kind }) => kind !== 'name' && kind !== 'write')
      .map(({ kind, what }): Seen => {
        const place = known.get(what)
        if (kind === 'connect' && place !== undefined) return ['sent', by, `SMTP to the ${place}`]
        return ['other', by, `${kind} ${what}`.trim()]
      }),
  )
}

function requests({ browser, roles }: ObservedReading): readonly Seen[] {
  const short = (request: string): string =>
    request
      .replace(roles.portalUrl, '')
      .replace(/\/assets\/.*/, '/assets/…')
      .replace(/file:.*\//, 'file:…/')
      .replace(/#.*/, '') // Chromium writes it down; it is never sent
      .replace(/(\/api\/passcodes\/)[\w-]{30,}$/, '$1ID')
  const urls = browser.network.urls.map(url => `GET ${url}`)
  const asked = browser.requests.map(short)
  // What the browser did by itself, beside what the page did.
  const more = urls.map(short).filter(url => !asked.some(one => one.split(' ')[1] === url.slice(4)))
  return [...asked, ...more].map((what): Seen => ['sent', 'browser', what])
}

function names({ portal, gateway, browser }: ObservedReading): readonly Seen[] {
  const ofProcesses = Object.entries({ portal, gateway }).flatMap(([by, { asked }]) =>
    asked.filter(({ kind }) => kind === 'name').map(({ what }): Seen => ['name', by, what]),
  )
  const host = (name: string): string => name.replace(/^https?:\/\//, '').replace(/:\d+$/, '')
  return [...ofProcesses, ...browser.network.names.map((it): Seen => ['name', 'browser', host(it)])]
}

function files(reading: ObservedReading): readonly Seen[] {
  const { filesRunning, filesAfter, portal, gateway, roles } = reading
  const inFolder = [...filesRunning.keys(), ...filesAfter.keys()].map((path): Seen => [
    'file',
    'installation',
    path,
  ])
  const ofProcesses = Object.entries({ portal, gateway }).flatMap(([by, { asked, openFiles }]) => {
    const written = asked.filter(({ kind }) => kind === 'write').map(({ what }) => what)
    return [...written, ...openFiles].map((path): Seen => {
      const own = path.startsWith(`${roles.folder}/`)
      return own
        ? ['file', 'installation', path.slice(roles.folder.length + 1)]
        : ['file', by, path]
    })
  })
  return [...inFolder, ...ofProcesses]
}

const rows = ({ stored }: ObservedReading): readonly Seen[] =>
  [...stored]
    .filter(([, found]) => found.length > 0)
    .map(([table]): Seen => ['row', 'installation', table])

function logLines({ portal, gateway }: ObservedReading): readonly Seen[] {
  return Object.entries({ portal, gateway }).flatMap(([by, { output }]) =>
    output
      .trim()
      .split('\n')
      .map((line): Seen => {
        const short = line.replace(/^\S+Z /, '').replaceAll(/=\S+/g, '=…')
        return ['log', by, short]
      }),
  )
}

function browserKeeps({ browser }: ObservedReading): readonly Seen[] {
  const { keptWhileReading, keptAfter } = browser
  const inTimes = { 'while it is read': keptWhileReading, 'after signing out': keptAfter }
  return Object.entries(inTimes).flatMap(([when, kept]) =>
    [
      ...kept.sessionStorage.map(keyOf('sessionStorage')),
      ...kept.localStorage.map(keyOf('localStorage')),
      ...kept.databases.map(one => `IndexedDB ${one}`),
      ...kept.cached.map(one => `cache ${one}`),
      ...kept.cookies.map(one => `cookie ${one}`),
      ...kept.workers.map(one => `service worker ${one}`),
    ].map((what): Seen => ['browser', when, what]),
  )
}

const keyOf =
  (storage: string) =>
  (pair: string): string =>
    `${storage} ${pair.split('=')[0] ?? ''}`
