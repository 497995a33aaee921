import { describe, expect, it } from 'vitest'
import { takeHere } from '../../../src/browser/service-worker/take-here.ts'

/** What a browser says of a request; nobody else can make one with a destination. */
const request = (about: Partial<Request>): Request =>
  ({
    url: 'https://portal.example/open',
    method: 'POST',
    mode: 'navigate',
    destination: 'document',
    ...about,
  }) as Request

describe('the service worker leaves to the portal', () => {
  it.each([
    ['a page within a page', { destination: 'iframe' }],
    ['what is asked for', { method: 'GET' }],
    ['what scripts send', { mode: 'cors', destination: '' }],
    ['any other page', { url: 'https://portal.example/open/other' }],
    ['the portal’s own calls', { url: 'https://portal.example/api/release' }],
  ] as const)('%s', (_what, about) => {
    expect(takeHere(request(about), Date.now)).toBeNull()
  })
})
