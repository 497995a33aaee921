import { createSocket } from 'node:dgram'
import { once } from 'node:events'

/** What the server says of a name: texts, and hosts as `mx:NAME`, or a way to fail. `garbage`: bytes that are no answer. */
export type Said = readonly string[] | 'servfail' | 'refused' | 'silence' | 'garbage' | 'no-texts'

/** RFC 1035 §3.2.2 */
const MX = 15
/** RFC 1035 §4.1.1, RCODE */
const codes = { servfail: 2, 'no-such-name': 3, refused: 5 } as const

/** A DNS server of this test on UDP, RFC 1035; every other name does not exist. */
export async function startDnsServer(zone: Readonly<Record<string, Said>>) {
  const socket = createSocket('udp4')
  const asked: string[] = []
  socket.on('message', (query, from) => {
    const { name, end } = readName(query)
    asked.push(name)
    const said = zone[name] ?? 'no-such-name'
    if (said === 'silence') return
    const bytes = said === 'garbage' ? Buffer.from('no answer') : answer(query, end + 4, said)
    socket.send(bytes, from.port, from.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return {
    address: `127.0.0.1:${socket.address().port}`,
    asked,
    close: async () => {
      socket.close()
      await once(socket, 'close')
    },
  }
}

/** The name in the question, and where it ends. */
function readName(query: Buffer): { name: string; end: number } {
  const labels: string[] = []
  let at = 12
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  return { name: labels.join('.').toLowerCase(), end: at + 1 }
}

type Answered = Exclude<Said, 'silence' | 'garbage'> | 'no-such-name'

function answer(query: Buffer, questionEnd: number, said: Answered): Buffer {
  const asksMx = query.readUInt16BE(questionEnd - 4) === MX
  const texts =
    typeof said === 'string' ? [] : said.filter(each => each.startsWith('mx:') === asksMx)
  const code = typeof said === 'string' && said !== 'no-texts' ? codes[said] : 0
  const header = Buffer.alloc(12)
  query.copy(header, 0, 0, 2)
  header.writeUInt16BE(0x8180 | code, 2) // an answer, recursion available
  header.writeUInt16BE(1, 4)
  header.writeUInt16BE(texts.length, 6)
  return Buffer.concat([
    header,
    query.subarray(12, questionEnd),
    ...texts.map(asksMx ? mxRecord : record),
  ])
}

/** A TXT record of the name in the question, in strings of at most 255 bytes. RFC 1035 §3.3.14 */
function record(text: string): Buffer {
  const strings = (text.match(/[^]{1,255}/g) ?? ['']).map(part =>
    Buffer.concat([Buffer.of(part.length), Buffer.from(part, 'latin1')]),
  )
  const data = Buffer.concat(strings)
  const head = Buffer.from('c00c00100001000000000000', 'hex') // pointer, TXT, IN, TTL 0, length
  head.writeUInt16BE(data.length, 10)
  return Buffer.concat([head, data])
}

/** An MX record of the name in the question; `mx:.` says that no mail is taken. RFC 1035 §3.3.9, RFC 7505 */
function mxRecord(text: string): Buffer {
  const labels = text
    .slice('mx:'.length)
    .split('.')
    .filter(label => label !== '')
  const host = labels.map(label => Buffer.concat([Buffer.of(label.length), Buffer.from(label)]))
  const data = Buffer.concat([Buffer.from('000a', 'hex'), ...host, Buffer.of(0)])
  const head = Buffer.from('c00c000f0001000000000000', 'hex')
  head.writeUInt16BE(data.length, 10)
  return Buffer.concat([head, data])
}
