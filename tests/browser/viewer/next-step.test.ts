import { describe, expect, it } from 'vitest'
import {
  isStepOfHistory,
  onlyRecipient,
  stepAfterReturn,
  stepAfterTrouble,
  stepOfHistory,
} from '../../../src/browser/viewer/next-step.ts'
import type { AskedPasscode, Step } from '../../../src/browser/viewer/step.ts'
import type { DescribeAnswer } from '../../../src/core/api/messages.ts'

const waiting = { provider: 'microsoft', id: 'account' }
const account = { ...waiting, label: 'bob@outlook.com', vouched: false }
const asked = { recipient: { index: 0 } } as unknown as AskedPasscode
const methods = { passcode: true, providers: [] }

describe('the step that the address bar stands at', () => {
  it('is the one whose needs are still there, else the choice', () => {
    const choice: Step = { kind: 'choose', trouble: null }
    expect(stepOfHistory('choose', undefined, null)).toEqual(choice)
    expect(stepOfHistory('which', undefined, null)).toEqual({ kind: 'which' })
    expect(stepOfHistory('code', undefined, asked)).toEqual({ kind: 'code', asked })
    expect(stepOfHistory('code', undefined, null)).toEqual(choice)
    expect(stepOfHistory('associate', waiting, null)).toEqual({
      kind: 'associate',
      account: waiting,
    })
    expect(stepOfHistory('associate', undefined, null)).toEqual(choice)
  })

  it('moves with Back only where a step before the letter is shown', () => {
    expect(isStepOfHistory({ kind: 'which' })).toBe(true)
    expect(isStepOfHistory({ kind: 'closed', how: 'signed-out' })).toBe(false)
    expect(isStepOfHistory({ kind: 'loading' })).toBe(false)
  })
})

describe('back from a provider', () => {
  it('leads to the association when the account is valid and a passcode may be sent', () => {
    for (const result of ['proven', 'passcode-needed'] as const)
      expect(stepAfterReturn({ result, provider: 'microsoft' }, methods, account)).toEqual({
        kind: 'associate',
        account: waiting,
      })
  })

  it('asks for the key when the account was proven and nothing can be associated', () => {
    const proven = { result: 'proven', provider: 'microsoft' } as const
    expect(stepAfterReturn(proven, methods, null)).toBe('open')
    expect(stepAfterReturn(proven, { ...methods, passcode: false }, account)).toBe('open')
  })

  it('leads to the choice, with what happened, in every other case', () => {
    for (const result of ['failed', 'stale', 'provider-down', 'consent-refused'] as const) {
      const outcome = { result, provider: 'google' }
      const choice = { kind: 'choose', trouble: null, outcome }
      expect(stepAfterReturn(outcome, methods, account)).toEqual(choice)
    }
    const outcome = { result: 'passcode-needed', provider: 'google' } as const
    expect(stepAfterReturn(outcome, methods, null)).toMatchObject({ kind: 'choose', outcome })
  })
})

it('a trouble leads to the sign-in only where signing in helps', () => {
  expect(stepAfterTrouble({ code: 'not-a-recipient' }).kind).toBe('choose')
  expect(stepAfterTrouble({ code: 'sign-in-required' }).kind).toBe('choose')
  expect(stepAfterTrouble({ code: 'expired' }).kind).toBe('trouble')
  expect(stepAfterTrouble({ code: 'bad-signature' }).kind).toBe('trouble')
})

it('nobody is asked which address when there is exactly one', () => {
  const of = (...indexes: number[]): DescribeAnswer =>
    ({ recipients: indexes.map(index => ({ index, masked: '' })) }) as unknown as DescribeAnswer
  expect(onlyRecipient(of(3))).toEqual({ index: 3 })
  expect(onlyRecipient(of(0, 1))).toBeNull()
  expect(onlyRecipient(of())).toBeNull()
  expect(onlyRecipient(null)).toBeNull()
})
