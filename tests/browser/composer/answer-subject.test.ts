import { describe, expect, it } from 'vitest'
import { answerSubject } from '../../../src/browser/composer/addressing/answer-subject.ts'

describe('subject of an answer', () => {
  it.each([
    ['Offer', 'Re: Offer'],
    ['Re: Offer', 'Re: Offer'],
    ['RE: AW: Antw: Sv: Offer', 'Re: Offer'],
    ['Re[2]: Re^3: Offer', 'Re: Offer'],
    ['回复：Offer', 'Re: Offer'],
    ['תגובה: Offer', 'Re: Offer'],
    ['رد: Offer', 'Re: Offer'],
    ['Odp:Offer', 'Re: Offer'],
    ['Fwd: Offer', 'Re: Fwd: Offer'],
    ['Reactor: Offer', 'Re: Reactor: Offer'],
    ['R: a language', 'Re: R: a language'],
    ['', 'Re:'],
  ])('of %j is %j', (subject, expected) => {
    expect(answerSubject('reply', subject)).toBe(expected)
    expect(answerSubject('reply-all', subject)).toBe(expected)
  })

  it.each([
    ['Offer', 'Fwd: Offer'],
    ['WG: TR: fw: Offer', 'Fwd: Offer'],
    ['转发：Offer', 'Fwd: Offer'],
    ['Re: Offer', 'Fwd: Re: Offer'],
  ])('of a forwarded %j is %j', (subject, expected) => {
    expect(answerSubject('forward', subject)).toBe(expected)
  })

  it('is one line of bounded length', () => {
    expect(answerSubject('reply', 'a\r\nBcc: x@evil.example')).toBe('Re: a Bcc: x@evil.example')
    expect(answerSubject('reply', 'x'.repeat(5000))).toHaveLength(900)
  })

  it('costs no time for a subject made to cost it', () => {
    const startedAtMs = performance.now()
    answerSubject('reply', `${'re[1] '.repeat(20_000)}x`)
    expect(performance.now() - startedAtMs).toBeLessThan(1000)
  })
})
