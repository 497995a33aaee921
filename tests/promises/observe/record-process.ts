// Loaded into a process of ours before its own code (`--import`): writes down every socket, name, file and program that
// it asks the system for, one line each. What a library does by itself is seen too, because the wraps around the
// system's own calls are watched and not what calls them. Files that native code opens (the database) are found by
// comparing folders.
import { createHook } from 'node:async_hooks'
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const file = fs.openSync(process.env['RECORD_PROCESS_FILE'] ?? '', 'a')
const append = fs.writeSync // itself, and not what is put in its place below
const note = (kind: string, what: string): void =>
  void append(file, `${JSON.stringify({ kind, what })}\n`)

/** Of https://nodejs.org/api/async_hooks.html#type; what is read of each is there once the call has been made. */
const watched: Readonly<Record<string, (resource: Readonly<Record<string, unknown>>) => string>> = {
  TCPCONNECTWRAP: ({ address, port }) => `connect ${String(address)}:${String(port)}`,
  PIPECONNECTWRAP: ({ address }) => `connect ${String(address)}`,
  GETADDRINFOREQWRAP: ({ hostname }) => `name ${String(hostname)}`,
  GETNAMEINFOREQWRAP: ({ host }) => `name ${String(host)}`,
  QUERYWRAP: ({ hostname }) => `name ${String(hostname)}`,
  UDPSENDWRAP: ({ address, port }) => `datagram ${String(address)}:${String(port)}`,
  PROCESSWRAP: () => 'program',
  WORKER: () => 'worker',
}

createHook({
  init(_id, type, _trigger, resource) {
    const describe = watched[type]
    if (describe === undefined) return
    process.nextTick(() => {
      const [kind = '', what = ''] = describe(resource as Record<string, unknown>).split(' ')
      note(kind, what)
    })
  },
}).enable()

type Call = (...args: unknown[]) => unknown
const writesByName =
  /^(?:write(?:File|v)?|appendFile|createWriteStream|mkdir|mkdtemp|rename|copyFile|cp|symlink|link|truncate)(?:Sync)?$/

/** Everything of `fs` that makes or changes a file, and `open` for more than reading. */
function watchWrites(functions: Record<string, unknown>): void {
  for (const [name, call] of Object.entries(functions)) {
    if (typeof call !== 'function') continue
    const opens = name === 'open' || name === 'openSync'
    if (!opens && !writesByName.test(name)) continue
    functions[name] = function watchedCall(this: unknown, ...args: unknown[]) {
      const [path, flags] = args
      const reads = opens && (flags === undefined || flags === 'r' || flags === 0)
      // A number: a file that was opened, and noted, before; or standard output.
      if (!reads && typeof path !== 'number') note('write', String(path))
      return (call as Call).apply(this, args)
    }
  }
}

watchWrites(fs)
watchWrites(fs.promises)
syncBuiltinESMExports()
