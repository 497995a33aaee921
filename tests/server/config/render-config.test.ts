import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../../src/server/config/load-config.ts'
import { renderConfig } from '../../../src/server/config/render-config.ts'
import type { ConfigInput } from '../../../src/server/config/schema.ts'

const FILE = '/etc/zegel/zegel.yaml'
const load = (text: string) => parseConfig(text, FILE, {})

const SMALL: ConfigInput = {
  organisations: [{ id: 'example', name: 'Example', domains: ['example.com'] }],
}

const LARGE: ConfigInput = {
  organisations: [
    {
      id: 'example',
      name: `O'Neill & "Söhne": #1 {x} [y] %z | > - * ! @`,
      domains: ['example.com', 'xn--bcher-kva.example'],
      accent: '#00ff00',
      subject: '{sender}: hello',
      escrowRecipients: [],
    },
    { id: 'other', name: 'null', domains: ['other.test'], locale: 'nl' },
  ],
  gateway: {
    listen: ['0.0.0.0:25', '[::1]:25'],
    tls: { certificate: '/etc/cert.pem', key: '/etc/key.pem' },
    nextHop: { host: 'mail.example.com', port: 25, tls: 'required' },
    users: [
      { name: 'a', password: 'env:A', organisation: 'example', senders: ['@example.com'] },
      { name: 'b', password: 'file:b', organisation: 'other' },
    ],
    trustedPortal: 'ab'.repeat(32),
  },
  policy: { default: { permissions: { forward: true } }, refuse: [{ subjectTag: '[#no]' }] },
  portal: { url: 'https://mail.example.com', mail: { relay: { host: 'mail.example.com' } } },
  journal: false,
}

describe('renderConfig', () => {
  it.each([
    ['a small configuration', SMALL],
    ['a large one', LARGE],
  ])('writes %s that loads as what was given', (_, input) => {
    expect(load(renderConfig(input))).toEqual(load(JSON.stringify(input)))
  })

  it.each([
    ['a small configuration', SMALL],
    ['a large one', LARGE],
  ])('shows in %s defaults that hold: with their # taken away nothing changes', (_, input) => {
    const uncommented = renderConfig(input)
      .split('\n')
      .filter(line => !/^\s*# \w+: (…|\{ .*… \})/.test(line))
      .map(line => line.replace(/^(\s*)# (?=[a-z]\w*: ?)/, '$1'))
      .join('\n')
    expect(uncommented).toContain('\n  maxConnections: 200')
    expect(load(uncommented)).toEqual(load(JSON.stringify(input)))
  })

  it('explains every key', () => {
    const lines = renderConfig(LARGE).split('\n').slice(4)
    const keys = lines.filter(line => /^\s*(# |- )*[a-z]\w*:/.test(line))
    expect(keys.length).toBeGreaterThan(80)
    expect(keys.filter(line => !/ # \S/.test(line))).toEqual([])
  })
})
