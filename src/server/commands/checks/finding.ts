/** One line of `zegel check`. */
export interface CheckLine {
  /** What was looked at: `next hop`, `SPF of example.com`. */
  readonly name: string
  readonly state: 'ok' | 'warning' | 'failed'
  /** What was found and, unless it is ok, what to do. */
  readonly detail: string
}

export const ok = (name: string, detail: string): CheckLine => ({ name, state: 'ok', detail })

export const warning = (name: string, detail: string): CheckLine => ({
  name,
  state: 'warning',
  detail,
})

export const failed = (name: string, detail: string): CheckLine => ({
  name,
  state: 'failed',
  detail,
})
