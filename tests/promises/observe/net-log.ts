import { readFile } from 'node:fs/promises'

/** What Chromium's own record of its network says: names that it asked for, addresses that it connected to. */
export interface BrowserNetwork {
  readonly names: readonly string[]
  readonly addresses: readonly string[]
  /** Of every request, also those that no page made. */
  readonly urls: readonly string[]
}

/** Flags that make Chromium write the record; it is whole when the browser has ended. */
export const netLogFlags = (file: string): readonly string[] => [
  `--log-net-log=${file}`,
  '--net-log-capture-mode=Everything',
]

interface NetLog {
  readonly constants: { readonly logEventTypes: Readonly<Record<string, number>> }
  readonly events: readonly {
    readonly type: number
    readonly params?: Readonly<Record<string, unknown>>
  }[]
}

/** https://www.chromium.org/developers/design-documents/network-stack/netlog/ */
export async function readNetLog(file: string): Promise<BrowserNetwork> {
  const { constants, events } = JSON.parse(await readFile(file, 'utf8')) as NetLog
  const of = (type: string, param: string): readonly string[] => {
    const number = constants.logEventTypes[type]
    if (number === undefined) throw new Error(`Chromium's record knows no ${type} any more`)
    const said = events.filter(event => event.type === number).map(({ params }) => params?.[param])
    return [...new Set(said.filter(each => typeof each === 'string'))]
  }
  return {
    names: of('HOST_RESOLVER_MANAGER_REQUEST', 'host'),
    addresses: of('TCP_CONNECT_ATTEMPT', 'address'),
    urls: of('URL_REQUEST_START_JOB', 'url'),
  }
}
