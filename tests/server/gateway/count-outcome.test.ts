import { describe, expect, it } from 'vitest'
import { countOutcome } from '../../../src/server/gateway/count-outcome.ts'
import type { MailOutcome } from '../../../src/server/gateway/mail-outcome.ts'
import { createCounters } from '../../../src/server/telemetry/counters.ts'

/** The counts that an outcome adds, as Prometheus sees them. */
function counted(fields: Partial<MailOutcome>): readonly string[] {
  const counters = createCounters({
    write: async () => undefined,
    writeOrganisation: async () => true,
    clock: () => 0,
    enabled: true,
  })
  countOutcome(counters, {
    result: 'delivered',
    reason: 'answered',
    code: 250,
    bytes: 1,
    sealedRecipients: 0,
    plainRecipients: 0,
    ...fields,
  })
  const lines = counters.prometheus().trimEnd().split('\n')
  return lines.filter(line => !line.startsWith('#'))
}

describe('countOutcome', () => {
  it('counts a mail that left sealed, passed on, or both', () => {
    const [sealed, passed] = ['zegel_messages_sealed_total 1', 'zegel_messages_passed_total 1']
    expect(counted({ sealedRecipients: 3 })).toEqual([sealed])
    expect(counted({ plainRecipients: 2 })).toEqual([passed])
    expect(counted({ sealedRecipients: 1, plainRecipients: 1 })).toEqual([sealed, passed])
  })

  it('counts a refusal by its reason, and a fault of ours', () => {
    expect(counted({ result: 'refused', reason: 'rule', code: 550 })).toEqual([
      'zegel_messages_refused_total{code="rule"} 1',
    ])
    expect(counted({ result: 'failed', reason: 'fault', code: 451 })).toEqual([
      'zegel_errors_total{code="gateway-fault"} 1',
    ])
  })

  it('counts nothing for what the next hop did not take', () => {
    expect(counted({ result: 'failed', code: 451, sealedRecipients: 1 })).toEqual([])
    expect(counted({ result: 'half', code: 451, sealedRecipients: 1 })).toEqual([])
  })
})
