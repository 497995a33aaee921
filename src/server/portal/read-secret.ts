/** The text behind `file:PATH`, `env:NAME`, `credential:NAME`. */
export type ReadSecret = (reference: string) => Promise<string>
