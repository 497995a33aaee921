import { describe, expect, it } from 'vitest'
import { readLeaveTarget } from '../../../src/browser/leave/leave-target.ts'

describe('readLeaveTarget', () => {
  it('names the host, which is what counts', () => {
    expect(readLeaveTarget('#https://example.com:8443/a?b#c')).toMatchObject({
      kind: 'web',
      host: 'example.com:8443',
      url: 'https://example.com:8443/a?b#c',
      encrypted: true,
      international: false,
      hasUser: false,
    })
  })

  it('is not deceived by what stands before an @', () => {
    expect(readLeaveTarget('#https://bank.example@evil.example/')).toMatchObject({
      host: 'evil.example',
      hasUser: true,
    })
  })

  it.each([
    'https://evil.example:pass@evil.example/evil.example',
    'http://p/',
    'https://t/?q=t@t',
    'https://a.example?x=@b.example',
    'https://[::1]:8443/#a@[::1]:8443',
  ])('finds the host of %s where it stands', address => {
    const target = readLeaveTarget(`#${address}`)
    if (target?.kind !== 'web') throw new Error('no web address')
    const { url, host, hostAt } = target
    expect(url.slice(hostAt).startsWith(host)).toBe(true)
    expect(new URL(`https://${url.slice(hostAt)}`).hostname).toBe(new URL(url).hostname)
    expect(url.slice(0, hostAt)).toMatch(/^https?:\/\/(?:[^/?#]*@)?$/)
  })

  it('shows characters that turn the direction of an address, and takes none without a receiver', () => {
    expect(readLeaveTarget('#mailto:a%E2%80%AEb@example.com')).toMatchObject({
      address: 'a[U+202E]b@example.com',
    })
    expect(readLeaveTarget('#mailto:?to=someone@example.com')).toBeNull()
  })

  it('shows letters that look like others in plain ones', () => {
    expect(readLeaveTarget('#https://аpple.com/')).toMatchObject({
      host: 'xn--pple-43d.com',
      international: true,
    })
  })

  it('tells mail and telephone from the web', () => {
    expect(readLeaveTarget('#mailto:a%40b@example.com')).toMatchObject({ kind: 'mail' })
    expect(readLeaveTarget('#tel:+31')).toMatchObject({ kind: 'call', number: '+31' })
    expect(readLeaveTarget('#http://example.com')).toMatchObject({ encrypted: false })
  })

  it.each(['', '#', '#x', '#javascript:alert(1)', '#data:text/html,x', '#/open', '#about:blank'])(
    '%j is no link',
    fragment => {
      expect(readLeaveTarget(fragment)).toBeNull()
    },
  )
})
