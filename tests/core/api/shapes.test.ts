import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as answers from '../../../src/core/api/answers.ts'
import { associationsAnswer } from '../../../src/core/api/associations-answer.ts'
import { normaliseCode } from '../../../src/core/api/normalise-code.ts'
import * as requests from '../../../src/core/api/requests.ts'
import { parseShape } from '../../../src/core/api/shape.ts'
import type { Shape } from '../../../src/core/api/shape.ts'

type Example = readonly [name: string, shape: Shape<unknown>, value: Record<string, unknown>]

const stanza = '-> zegel.v1 abc\nAAAA\n'
const permissions = { reply: true, forward: false, print: true }
const organisation = {
  id: 'example',
  name: 'Example',
  accent: '#8c2f28',
  logo: '/assets/logo-abc.png',
  privacyAddress: '',
}

const PROVIDER = {
  id: 'x',
  kind: 'openid',
  name: 'X',
  logo: '',
  suggested: false,
  canCreate: false,
}

const EXAMPLES: readonly Example[] = [
  ['describe request', requests.describeRequest, { stanza }],
  ['passcode request', requests.passcodeRequest, { stanza, recipient: { index: 0 }, locale: 'en' }],
  [
    'verify request',
    requests.passcodeVerifyRequest,
    { challenge: 'a.b-c_D', code: '1234 5678', privateComputer: false },
  ],
  ['release request', requests.releaseRequest, { stanza, browserKey: `${'A'.repeat(87)}=` }],
  ['reply request', requests.replyRequest, { stanza }],
  ['usage request', requests.usageRequest, { error: 'offline' }],
  [
    'describe answer',
    answers.describeAnswer,
    {
      organisation,
      sender: { address: 'a@b.example', name: '' },
      external: false,
      recipients: [{ index: 0, masked: 'b•••@c.example' }],
      methods: { passcode: true, providers: [PROVIDER] },
      createdAtMs: 0,
      expiresAtMs: null,
      permissions,
      assurance: 'mfa',
      signedIn: false,
    },
  ],
  [
    'passcode answer',
    answers.passcodeAnswer,
    { id: 'x', challenge: 'y', reference: 'K7-MX2', expiresAtMs: 1, masked: 'z', triesLeft: 5 },
  ],
  [
    'session view',
    answers.sessionView,
    {
      addresses: ['a@b.example'],
      account: { provider: 'p', id: 'x'.repeat(16), label: 'a@b.example', vouched: false },
      idleUntilMs: 1,
      endsAtMs: 2,
    },
  ],
  [
    'associations answer',
    associationsAnswer,
    {
      associations: [
        {
          id: 'x',
          provider: { id: 'microsoft', name: 'Microsoft' },
          address: null,
          thisAccount: true,
          createdAtMs: 0,
          lastProvenAtMs: 1,
          lapsesAtMs: 2,
        },
      ],
    },
  ],
  ['association removal', requests.associationRemoval, { id: 'x' }],
  [
    'release answer',
    answers.releaseAnswer,
    {
      enc: 'AAAA',
      ct: 'AAAA',
      signingKeyId: 'k',
      signingKey: 'AAAA',
      recipient: 'a@b.example',
      sender: { address: 'c@d.example', name: 'C' },
      vouchedBy: 'd.example',
      permissions,
      createdAtMs: 0,
      expiresAtMs: 1,
      reply: {
        recipient: 'age1pq1abc',
        messageId: 'm',
        conversationId: 'c',
        maxBytes: 1,
        participants: ['a@b.example', 'c@d.example'],
        inside: ['c@d.example'],
      },
    },
  ],
  ['reply answer', answers.replyAnswer, { kind: 'reply-all' }],
]

describe.each(EXAMPLES)('the shape of a %s', (_name, shape, value) => {
  it('takes what is right, as it is', () => {
    expect(parseShape(shape, value)).toEqual({ ok: true, value })
    expect(parseShape(shape, JSON.parse(JSON.stringify(value)))).toEqual({ ok: true, value })
  })

  it('refuses a missing, an unknown and a wrong field, and names the field alone', () => {
    for (const name of Object.keys(value)) {
      const { [name]: _, ...rest } = value
      expect(parseShape(shape, rest)).toEqual({ ok: false, code: 'bad-shape', path: name })
      const wrong = parseShape(shape, { ...value, [name]: undefined })
      expect(wrong).toMatchObject({ ok: false, code: 'bad-shape' })
    }
    const more = { ...value, secretWord: 1 }
    expect(parseShape(shape, more)).toEqual({ ok: false, code: 'bad-shape', path: '*' })
    const inherited = Object.create(value) as object
    expect(parseShape(shape, inherited).ok).toBe(false)
  })

  it('answers for any value, and never throws', () => {
    fc.assert(
      fc.property(fc.anything(), anything => {
        expect(parseShape(shape, anything).ok).toBe(false)
      }),
      { numRuns: 200 },
    )
  })

  it('answers when any one field is replaced by anything', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(value)), fc.anything(), (name, anything) => {
        const parsed = parseShape(shape, { ...value, [name]: anything })
        expect(typeof parsed.ok).toBe('boolean')
      }),
      { numRuns: 200 },
    )
  })
})

describe('requests', () => {
  it.each([
    { recipient: { index: -1 } },
    { recipient: { index: 0.5 } },
    { recipient: { index: 1e9 } },
    { recipient: { index: '0' } },
    { recipient: { index: 0, address: 'a@b.example' } },
    { recipient: { address: '' } },
    { recipient: { address: 'a'.repeat(400) } },
    { locale: 'en\r\nX: 1' },
    { stanza: '' },
    { stanza: 'x'.repeat(100_000) },
  ])('a passcode request refuses %o', fields => {
    const value = { stanza, recipient: { index: 0 }, locale: 'en', ...fields }
    expect(parseShape(requests.passcodeRequest, value).ok).toBe(false)
  })

  it.each(['', 'A'.repeat(88), `${'A'.repeat(86)}==`, `${'A'.repeat(86)}-=`, 'x'.repeat(1000)])(
    'a release request refuses the key %s',
    browserKey => {
      expect(parseShape(requests.releaseRequest, { stanza, browserKey }).ok).toBe(false)
    },
  )

  it('usage takes nothing outside its list', () => {
    fc.assert(
      fc.property(fc.string(), error => {
        expect(parseShape(requests.usageRequest, { error }).ok).toBe(false)
      }),
    )
  })
})

describe('answers', () => {
  it('take optional fields, or none', () => {
    const refused = { state: 'refused', atMs: 1 }
    expect(parseShape(answers.passcodeDelivery, refused).ok).toBe(true)
    expect(parseShape(answers.passcodeDelivery, { ...refused, reason: '550 no' }).ok).toBe(true)
    expect(parseShape(answers.passcodeDelivery, { ...refused, reason: 1 }).ok).toBe(false)
    const problem = { type: 'about:blank', title: 'Gone', status: 410, code: 'revoked' }
    expect(parseShape(answers.problem, problem).ok).toBe(true)
    expect(parseShape(answers.problem, { ...problem, triesLeft: 4 }).ok).toBe(true)
    expect(parseShape(answers.problem, { ...problem, code: 'unheard-of' }).ok).toBe(false)
    expect(parseShape(answers.problem, { ...problem, status: 200 }).ok).toBe(false)
  })

  it('take a logo of the portal alone', () => {
    const [, , value] = EXAMPLES.find(([name]) => name === 'describe answer') ?? []
    for (const logo of ['https://evil.example/x.png', '//evil.example/x', 'javascript:1', 'data:x'])
      expect(
        parseShape(answers.describeAnswer, { ...value, organisation: { ...organisation, logo } })
          .ok,
      ).toBe(false)
  })
})

describe('normaliseCode', () => {
  it.each([
    ['48210937', '48210937'],
    [' 4821 0937 ', '48210937'],
    ['4821-0937', '48210937'],
    ['4821–0937\n', '48210937'],
    ['４８２１０９３７', '48210937'],
    ['٤٨٢١٠٩٣٧', '48210937'],
    ['۴۸۲۱۰۹۳۷', '48210937'],
    ['४८२१०९३७', '48210937'],
    ['\u200e4821\u00a00937\u200b', '48210937'],
    ['00000000', '00000000'],
  ])('reads %s as %s', (typed, code) => {
    expect(normaliseCode(typed)).toBe(code)
  })

  it.each(['', '1234567', '123456789', '4821o937', '4821,0937x', 'four'])('refuses %s', typed => {
    expect(normaliseCode(typed)).toBeNull()
  })

  it('gives eight ASCII digits or nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), typed => {
        expect(normaliseCode(typed) ?? '00000000').toMatch(/^[0-9]{8}$/)
      }),
    )
  })

  it('reads every decimal digit of every script as what it is', () => {
    const zeros = [
      0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xe50, 0xff10, 0x1d7ce, 0x1d7d8, 0x1e950,
    ]
    for (const zero of zeros) {
      const digits = Array.from({ length: 8 }, (_, i) => String.fromCodePoint(zero + i + 2)).join(
        '',
      )
      expect(normaliseCode(digits)).toBe('23456789')
    }
  })
})
