import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { linkTarget } from '../../../src/browser/viewer/body/link-target.ts'

describe('linkTarget', () => {
  it.each([
    ['https://example.com/a?b#c', '/leave#https://example.com/a?b#c'],
    ['//example.com', '/leave#https://example.com/'],
    [' HTTP://EXAMPLE.com ', '/leave#http://example.com/'],
    ['https://пример.example', '/leave#https://xn--e1afmkfd.example/'],
    ['mailto:a@example.com', '/leave#mailto:a@example.com'],
    ['tel:+31201234567', '/leave#tel:+31201234567'],
    ['#part', 'about:srcdoc#part'],
  ])('%s → %s', (href, target) => {
    expect(linkTarget(href)).toBe(target)
  })

  it.each([
    'javascript:alert(1)',
    'JaVa\tscript:alert(1)',
    'data:text/html,x',
    'blob:x',
    'file:///etc',
    'relative',
    '/open',
    '',
    'about:blank',
    'https://',
    'ftp://example.com',
  ])('%j is no link', href => {
    expect(linkTarget(href)).toBeNull()
  })

  it('only ever leads to the page that shows the target, or within the message', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl()), href => {
        const target = linkTarget(href)
        if (target !== null)
          expect(target).toMatch(/^(?:\/leave#(?:https?|mailto|tel|sms):|about:srcdoc#)/)
      }),
    )
  })
})
