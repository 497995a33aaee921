import type { ComponentChildren, JSX } from 'preact'

/** A remark beside the work; `warn` is said aloud at once. */
export function Notice(props: {
  readonly warn?: boolean
  readonly children: ComponentChildren
}): JSX.Element {
  return props.warn === true ? (
    <div class="notice warn" role="alert">
      {props.children}
    </div>
  ) : (
    <div class="notice">{props.children}</div>
  )
}
