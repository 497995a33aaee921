// A bare smtp-server that throws mail away: a rival of P2. Prints its port.
import { SMTPServer } from 'smtp-server'

const server = new SMTPServer({
  authOptional: true,
  disableReverseLookup: true,
  hideSTARTTLS: true,
  maxClients: 1000,
  onData(stream, _session, callback) {
    stream.on('end', () => callback())
    stream.resume()
  },
})
const listener = server.listen(Number(process.argv[2]), '127.0.0.1')
listener.on('listening', () => console.log('ready'))
process.on('SIGTERM', () => process.exit(0))
