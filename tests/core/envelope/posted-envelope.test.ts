import { describe, expect, it } from 'vitest'
import { EnvelopeError } from '../../../src/core/envelope/errors.ts'
import { readPostedEnvelope } from '../../../src/core/envelope/posted-envelope.ts'

const signature = `${'A'.repeat(86)}==`
const body = (text: string): Uint8Array => Buffer.from(text, 'latin1')
const form = (envelope: string): Uint8Array =>
  body(`envelope=${envelope}\r\nsignature=${signature}\r\n`)

const textOf = ({ envelope }: { envelope: Uint8Array }): string =>
  Buffer.from(envelope).toString('latin1')

const codeOf = (input: Uint8Array, maxBytes?: number): string => {
  try {
    readPostedEnvelope(input, maxBytes)
  } catch (error) {
    if (error instanceof EnvelopeError) return error.code
    throw error
  }
  return 'none'
}

describe('readPostedEnvelope', () => {
  it('reads what a browser posts as text/plain', () => {
    const posted = readPostedEnvelope(form('\r\nAAAA\r\nBBBB\r\n'))
    expect(textOf(posted)).toBe('\r\nAAAA\r\nBBBB\r\n\r\n')
    expect(posted.signature).toBe(signature)
  })

  it('reads one whose line ends are LF or whose last one is missing', () => {
    expect(textOf(readPostedEnvelope(body(`envelope=\nAAA=\nsignature=${signature}`)))).toBe(
      '\nAAA=\n',
    )
  })

  it.each([
    ['nothing', ''],
    ['another field first', `signature=${signature}\r\nenvelope=AAAA\r\n`],
    ['another form', 'q=1\r\n'],
    ['multipart', '------x\r\nContent-Disposition: form-data; name="envelope"\r\n'],
  ])('takes %s for no message', (_, text) => {
    expect(codeOf(body(text))).toBe('not-a-message')
  })

  it.each([
    ['no signature', 'envelope=AAAA\r\n'],
    ['a short signature', `envelope=AAAA\r\nsignature=${signature.slice(4)}\r\n`],
    ['a long signature', `envelope=AAAA\r\nsignature=AAAA${signature}\r\n`],
    ['a field behind', `envelope=AAAA\r\nsignature=${signature}\r\nx=y\r\n`],
    ['a field between', `envelope=AAAA\r\nx=y\r\nsignature=${signature}\r\n`],
    ['two envelopes', `envelope=AAAA\r\nenvelope=AAAA\r\nsignature=${signature}\r\n`],
    ['two signatures', `envelope=AAAA\r\nsignature=${signature}\r\nsignature=${signature}\r\n`],
    ['an empty envelope', `envelope=\r\nsignature=${signature}\r\n`],
    ['no base64', `envelope=AA*A\r\nsignature=${signature}\r\n`],
    ['markup', `envelope=AAAA</script>\r\nsignature=${signature}\r\n`],
    ['padding inside', `envelope=AA==AAAA\r\nsignature=${signature}\r\n`],
    ['a digit missing', `envelope=AAAAA\r\nsignature=${signature}\r\n`],
    ['a NUL', `envelope=AAA\u0000\r\nsignature=${signature}\r\n`],
    ['a space', `envelope=AA AA \r\nsignature=${signature}\r\n`],
  ])('refuses %s', (_, text) => {
    expect(codeOf(body(text))).toBe('damaged-message')
  })

  it('takes exactly padded base64 with line ends anywhere, wherever it lies in memory', () => {
    const alphabet = 'Aa9+/=\r\n* \u0000'
    let taken = 0
    for (let round = 0; round < 2000; round++) {
      const length = round % 13
      const among = round % 2 === 0 ? 8 : alphabet.length
      const random = Array.from({ length }, () => alphabet[Math.floor(Math.random() * among)])
      const text = random.join('')
      const bare = text.replaceAll(/[\r\n]/g, '')
      const isBase64 = bare.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(bare)
      const posted = form(text)
      const memory = new Uint8Array(posted.length + 1)
      memory.set(posted, round % 2)
      const code = codeOf(memory.subarray(round % 2, posted.length + (round % 2)))
      expect([text, code]).toEqual([text, isBase64 ? 'none' : 'damaged-message'])
      if (isBase64) taken++
    }
    expect(taken).toBeGreaterThan(10)
  })

  it('refuses a body over its limit', () => {
    expect(codeOf(form('AAAA'), 20)).toBe('too-large')
    expect(codeOf(new Uint8Array(8 * 1024 * 1024 + 1))).toBe('too-large')
  })

  it('reads a body of 8 MiB', () => {
    const line = `${'A'.repeat(900)}\r\n`
    const large = form(`\r\n${line.repeat(9200)}`)
    expect(readPostedEnvelope(large).envelope).toHaveLength(2 + 9200 * 902 + 2)
  })
})
