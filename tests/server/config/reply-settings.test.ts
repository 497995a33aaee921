import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../../src/server/config/config-error.ts'
import { parseConfig } from '../../../src/server/config/load-config.ts'

const problemsOf = (text: string): readonly string[] => {
  try {
    parseConfig(text, '/etc/zegel/zegel.yaml', {})
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n')
    throw error
  }
}
const wrong = (text: string): readonly string[] =>
  problemsOf(`organisations: [{ id: example, name: Example, domains: [example.com] }]\n${text}`)

describe('what does not fit together in the settings of answers', () => {
  it('is a reply domain of people inside, or of two organisations', () => {
    const problems = (a: object, b: object = {}) =>
      problemsOf(
        JSON.stringify({
          organisations: [
            { id: 'a', name: 'A', domains: ['a.test'], ...a },
            { id: 'b', name: 'B', domains: ['b.test'], ...b },
          ],
        }),
      )
    expect(problems({ replyDomain: 'answers.a.test' })).toEqual([])
    expect(problems({ replyDomain: 'b.test' })[0]).toContain(
      'organisations[0].replyDomain: b.test is a domain of an organisation',
    )
    expect(problems({ domains: ['a.test', 'replies.a.test'] })[0]).toContain(
      'organisations[0].replyDomain: replies.a.test is a domain of an organisation',
    )
    expect(problems({ replyDomain: 'replies.b.test' })[0]).toContain(
      'organisations[1].replyDomain: replies.b.test is the replyDomain of another organisation',
    )
    expect(problems({ formerReplyDomains: ['r.a.test'] }, { replyDomain: 'r.c.test' })).toEqual([])
    expect(problems({ formerReplyDomains: ['r.a.test', 'b.test'] })[0]).toContain(
      'organisations[0].formerReplyDomains[1]: b.test is a domain of an organisation',
    )
    expect(
      problems({ formerReplyDomains: ['r.a.test'] }, { replyDomain: 'r.a.test' })[0],
    ).toContain('organisations[1].replyDomain: r.a.test is the replyDomain of another organisation')
  })

  it('is a listener for answers that others reach, without TLS', () => {
    for (const listen of ['0.0.0.0:8082', 'gateway.example.com:8082', '[::]:8082'])
      expect(wrong(`gateway: { replies: { listen: "${listen}" } }`)[0]).toContain('set gateway.tls')
    for (const listen of ['127.0.0.1:8082', '[::1]:8082', 'localhost:0'])
      expect(wrong(`gateway: { replies: { listen: "${listen}" } }`)).toEqual([])
    expect(wrong('portal: { replies: "http://gateway.example.com:8082" }')[0]).toContain(
      'http:// is for this machine alone',
    )
  })

  it('is a rule about forwarding without a condition', () => {
    expect(wrong('policy: { doNotForward: [{}] }')[0]).toContain('it would match every mail')
    expect(wrong('policy: { mayForward: [{ headerMatches: x }] }')[0]).toContain('write header')
    expect(wrong('policy: { seal: [{ sender: "@example.com", answers: true }] }')[0]).toContain(
      'unknown key',
    )
  })
})
