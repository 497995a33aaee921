import type { ComponentChildren, JSX } from 'preact'

export interface CardRow {
  readonly label: string
  /** Left out when it is null or an empty text. */
  readonly value: ComponentChildren
}

/** The facts of a card, one below the other. */
export function CardRows({ rows }: { readonly rows: readonly CardRow[] }): JSX.Element {
  return (
    <dl class="card-rows">
      {rows
        .filter(({ value }) => value !== null && value !== '')
        .map(({ label, value }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd dir="auto">{value}</dd>
          </div>
        ))}
    </dl>
  )
}
