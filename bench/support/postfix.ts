import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { findProgram } from './machine.ts'
import { waitForPort } from './smtp-programs.ts'

export interface Postfix {
  stop(): void
}

/** Why Postfix cannot be a rival on this machine, or undefined. */
export function postfixMissing(): string | undefined {
  if (findProgram('postfix') === undefined) return 'Postfix is not installed (Debian: postfix)'
  if (process.getuid?.() !== 0) return 'Postfix starts as root only'
  return undefined
}

/** Starts a Postfix of its own, in a folder of its own, that relays everything to `sinkPort`. */
export async function startPostfix(port: number, sinkPort: number): Promise<Postfix> {
  const folder = mkdtempSync(`${tmpdir()}/zegel-bench-postfix-`)
  chmodSync(folder, 0o755)
  writeConfiguration(folder, port, sinkPort)
  const run = (action: string): void => {
    const { status, stderr } = spawnSync('postfix', ['-c', `${folder}/etc`, action], {
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(`postfix ${action}: ${stderr.trim()}`)
  }
  run('start')
  await waitForPort(port)
  return {
    stop() {
      run('stop')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function writeConfiguration(folder: string, port: number, sinkPort: number): void {
  for (const name of ['etc', 'queue', 'data']) mkdirSync(`${folder}/${name}`)
  spawnSync('chown', ['postfix', `${folder}/data`])
  writeFileSync(`${folder}/etc/main.cf`, mainConfiguration(folder, sinkPort))
  writeFileSync(`${folder}/etc/master.cf`, masterConfiguration(port))
}

const mainConfiguration = (folder: string, sinkPort: number): string => `compatibility_level = 3.6
queue_directory = ${folder}/queue
data_directory = ${folder}/data
maillog_file = /dev/null
maillog_file_prefixes = /dev
myhostname = relay.bench.example.com
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mydestination =
mynetworks = 127.0.0.0/8
relayhost = [127.0.0.1]:${sinkPort}
smtpd_relay_restrictions = permit_mynetworks, reject
message_size_limit = 60000000
mailbox_size_limit = 0
smtp_tls_security_level = none
smtpd_client_connection_count_limit = 0
smtpd_peername_lookup = no
alias_maps =
alias_database =
default_destination_concurrency_limit = 50
`

const masterConfiguration = (port: number): string => `127.0.0.1:${port} inet n - n - 200 smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - 200 smtp
relay unix - - n - 200 smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
tlsmgr unix - - n 1000? 1 tlsmgr
`
