/** Whether there are rows of what this process's configuration has switched off; what is on is not looked at. */
export interface KeptRows {
  readonly journal: boolean
  readonly audit: boolean
}

/** The portal cannot read journal and audit: it is told this, and no more. */
export type FindKeptRows = () => Promise<KeptRows>

export const NO_ROWS: KeptRows = { journal: false, audit: false }
