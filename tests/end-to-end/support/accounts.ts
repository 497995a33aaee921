import type { Locator, Page } from 'playwright-core'

/** What a person does to sign in with an account, by the labels of contract.md and of the simulated provider. */

export type ProviderName = 'Microsoft' | 'Google'

export const signInButton = (page: Page, provider: ProviderName): Locator =>
  page.getByRole('button', { name: `Sign in with ${provider}`, exact: true })

export interface TypedAccount {
  readonly email: string
  /** As the simulated provider names it: `work`, `gmail`, `other`. */
  readonly kind: string
  /** Signed in with two factors. */
  readonly mfa?: boolean
}

/** At the provider: says who one is, by typing an address of some kind. */
export async function pickAccount(page: Page, { email, kind, mfa }: TypedAccount): Promise<void> {
  await page.locator('#email').fill(email)
  await page.locator('#kind').selectOption(kind)
  if (mfa === true) await page.locator('input[name="mfa"]').check()
  await page.locator('form button.primary').click()
}

/** The explanation why an account alone is not enough yet. */
export const oneMoreStep = (page: Page): Promise<void> =>
  page.getByRole('heading', { level: 1, name: 'One more step, only this time' }).waitFor()

export async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('heading', { level: 1, name: 'You are signed out' }).waitFor()
}
