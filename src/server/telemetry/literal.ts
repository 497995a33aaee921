// oxlint-disable-next-line typescript/no-generated-empty-object-type -- this is what every computed text may lack
type Nothing = Record<never, never>

/**
 * A text that stands in our own source: `Literal<'opened'>` is `'opened'`, but nothing that a program computed fits,
 * not `string`, no template and no branded text such as an address. So no identifier can be passed by type.
 *
 * A record with one named key lacks it when it is empty; a record with computed keys may be empty.
 */
export type Literal<T extends string> = Nothing extends Readonly<Record<T, unknown>> ? never : T
