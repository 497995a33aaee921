import { describe, expect, it } from 'vitest'
import {
  SIGN_IN_RESULTS,
  formatSignInOutcome,
  parseSignInOutcome,
  signInPath,
} from '../../../src/core/api/sign-in-results.ts'

describe('the result of a sign-in', () => {
  it.each(SIGN_IN_RESULTS)('%s is read as it was written', result => {
    const outcome = { result, provider: 'microsoft' }
    expect(parseSignInOutcome(formatSignInOutcome(outcome))).toEqual(outcome)
    expect(parseSignInOutcome(`#${formatSignInOutcome(outcome)}`)).toEqual(outcome)
  })

  it.each([
    '',
    '#',
    '#sign-in=proven',
    '#sign-in=admin&provider=microsoft',
    '#sign-in=proven&provider=<b>',
    '#sign-in=proven&provider=',
    `#sign-in=proven&provider=${'x'.repeat(33)}`,
    '#AAAAAAAAAAAAAAAAAAAAAA',
  ])('is none in %s', fragment => {
    expect(parseSignInOutcome(fragment)).toBeNull()
  })

  it('is asked for at a path of this origin, whatever the names', () => {
    const start = { organisation: 'example', privateComputer: true, prompt: 'usual' } as const
    const path = signInPath({ ...start, provider: '//evil.example/?', page: 'read' })
    const url = new URL(path, 'https://mail.example.com')
    expect(url.origin).toBe('https://mail.example.com')
    expect(url.pathname).toBe('/auth/%2F%2Fevil.example%2F%3F/start')
    expect(Object.fromEntries(url.searchParams)).toEqual({
      organisation: 'example',
      private: '1',
      prompt: 'usual',
      page: 'read',
    })
  })
})
