// A next hop as a process of its own, to be killed: PORT FOLDER
// It says 250 once the mail stands in the folder: one file, its first line the recipients.
import { randomUUID } from 'node:crypto'
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SMTPServer } from 'smtp-server'

// Ends with the test that started it, however that ends.
process.stdin.on('end', () => process.exit()).resume()

const [port = '0', folder = ''] = process.argv.slice(2)

const server = new SMTPServer({
  disabledCommands: ['STARTTLS', 'AUTH'],
  disableReverseLookup: true,
  logger: false,
  onData(stream, session, callback) {
    const pieces: Buffer[] = []
    stream.on('data', (piece: Buffer) => pieces.push(piece))
    stream.on('end', () => {
      const name = join(folder, randomUUID())
      const to = session.envelope.rcptTo.map(({ address }) => address).join(' ')
      writeFileSync(`${name}.part`, Buffer.concat([Buffer.from(`${to}\n`), ...pieces]))
      renameSync(`${name}.part`, `${name}.eml`)
      callback()
    })
  },
})
server.on('error', () => {}) // of connections: the gateway at their other end may be killed, too
server.server.on('error', error => {
  throw error
})
server.listen(Number(port), '127.0.0.1', () => process.stdout.write('ready\n'))
