import { createHash } from 'node:crypto'

/** Whom the simulated provider plays. */
export const WORLDS = ['microsoft', 'google'] as const
export type World = (typeof WORLDS)[number]

/** The tenants of the simulated Microsoft; the first is that of personal accounts, as at the real one. */
export const TENANTS = {
  personal: '9188040d-6c67-4c5b-b112-36a304b66dad',
  work: 'c0ffee00-0000-4000-8000-000000000001',
  foreign: 'bad00000-0000-4000-8000-000000000002',
} as const

/** What an account is, and what is said about its address. */
export const KINDS = {
  microsoft: ['personal', 'work', 'guest', 'liar'],
  google: ['gmail', 'workspace', 'other', 'unverified'],
} as const
export type Kind = (typeof KINDS)[World][number]

export interface SimulatedAccount {
  /** The subject: the same for the same account, also after a restart. */
  readonly id: string
  readonly world: World
  readonly kind: Kind
  readonly name: string
  readonly email: string
  /** Key of its provider instance: the tenant, or `google`. */
  readonly instance: string
  readonly claims: Readonly<Record<string, unknown>>
  /** RFC 8176 */
  readonly amr: readonly string[]
}

export interface AccountChoice {
  readonly world: World
  readonly kind: Kind
  readonly name: string
  readonly email: string
  readonly secondFactor: boolean
}

/** An account as its provider would describe it, true or not. */
export function simulatedAccount(choice: AccountChoice): SimulatedAccount {
  const { world, kind, name, email, secondFactor } = choice
  const id = createHash('sha256').update(JSON.stringify(choice)).digest('hex').slice(0, 32)
  const tenant = tenantOf(kind)
  return {
    id,
    world,
    kind,
    name,
    email,
    instance: world === 'microsoft' ? tenant : world,
    claims: { name, email, preferred_username: email, ...claimsOf(kind, tenant, email) },
    amr: secondFactor ? ['pwd', 'mfa'] : ['pwd'],
  }
}

function tenantOf(kind: Kind): string {
  if (kind === 'personal') return TENANTS.personal
  return kind === 'liar' ? TENANTS.foreign : TENANTS.work
}

function claimsOf(kind: Kind, tid: string, email: string): Readonly<Record<string, unknown>> {
  switch (kind) {
    case 'personal':
      return { tid }
    case 'work':
      return { tid, acct: 0, xms_edov: true }
    case 'guest':
      return { tid, acct: 1, xms_edov: true }
    // nOAuth: the owner of a tenant writes what he likes into `email`.
    case 'liar':
      return { tid, acct: 0, email_verified: true }
    case 'workspace':
      return { email_verified: true, hd: email.slice(email.lastIndexOf('@') + 1) }
    case 'gmail':
    case 'other':
      return { email_verified: true }
    case 'unverified':
      return { email_verified: false }
  }
}

/** People of the demo, and one who lies. */
export const PRESETS: readonly SimulatedAccount[] = [
  preset('microsoft', 'personal', 'Bob Brown', 'bob@outlook.com'),
  preset('microsoft', 'work', 'Bob Brown', 'bob@example.org'),
  preset('microsoft', 'work', 'Carol Clark', 'carol@example.org'),
  preset('microsoft', 'guest', 'Gina Guest', 'bob@example.org'),
  preset('microsoft', 'liar', 'Mallory', 'bob@example.org'),
  preset('google', 'gmail', 'Bob Brown', 'bob@gmail.com'),
  preset('google', 'workspace', 'Bob Brown', 'bob@example.org'),
  preset('google', 'other', 'Bob Brown', 'bob@example.net'),
  preset('google', 'unverified', 'Mallory', 'bob@example.org'),
]

function preset(world: World, kind: Kind, name: string, email: string): SimulatedAccount {
  return simulatedAccount({ world, kind, name, email, secondFactor: false })
}
