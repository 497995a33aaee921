import type { Person } from '../header-text.ts'

/** What stands in the circle before a person. */
export const initialOf = ({ name, address }: Person): string =>
  String.fromCodePoint((name || address || '?').codePointAt(0) ?? 63).toUpperCase()
