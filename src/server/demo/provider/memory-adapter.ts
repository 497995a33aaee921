import type { Adapter, AdapterPayload } from 'oidc-provider'
import { MAX_PROVIDER_ENTRIES } from '../limits.ts'

/** What the provider remembers for minutes: codes, tokens, interactions. The oldest go first. */
export function memoryAdapter(): (name: string) => Adapter {
  const entries = new Map<string, AdapterPayload>()
  return name => {
    const key = (id: string) => `${name}:${id}`
    const findBy = async (test: (payload: AdapterPayload) => boolean) =>
      [...entries].find(([id, payload]) => id.startsWith(`${name}:`) && test(payload))?.[1]
    return {
      async upsert(id, payload) {
        entries.delete(key(id))
        entries.set(key(id), payload)
        const [oldest] = entries.keys()
        if (entries.size > MAX_PROVIDER_ENTRIES && oldest !== undefined) entries.delete(oldest)
      },
      find: async id => entries.get(key(id)),
      findByUid: uid => findBy(payload => payload.uid === uid),
      findByUserCode: code => findBy(payload => payload.userCode === code),
      async consume(id) {
        const payload = entries.get(key(id))
        if (payload !== undefined) payload.consumed = Math.floor(Date.now() / 1000)
      },
      async destroy(id) {
        entries.delete(key(id))
      },
      async revokeByGrantId(grantId) {
        for (const [id, payload] of entries) if (payload.grantId === grantId) entries.delete(id)
      },
    }
  }
}
