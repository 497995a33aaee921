export type ProviderErrorCode =
  /** It does not answer, or says that it cannot. */
  | 'provider-down'
  /** It, or the person there, said no. */
  | 'consent-refused'
  /** What it said is not what it should say. */
  | 'failed'

/** Why a sign-in with a provider did not come to an end. The text never quotes what the provider sent. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError'
  readonly code: ProviderErrorCode

  constructor(code: ProviderErrorCode, options?: ErrorOptions) {
    super(code, options)
    this.code = code
  }
}
