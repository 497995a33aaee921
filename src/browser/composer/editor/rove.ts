/** Where the focus of a toolbar goes by a key; null for keys that are no concern of it. WAI-ARIA, pattern of toolbars */
export function rove(
  key: string,
  at: number,
  count: number,
  isRightToLeft: boolean,
): number | null {
  const [next, before] = isRightToLeft ? ['ArrowLeft', 'ArrowRight'] : ['ArrowRight', 'ArrowLeft']
  switch (key) {
    case next:
      return (at + 1) % count
    case before:
      return (at + count - 1) % count
    case 'Home':
      return 0
    case 'End':
      return count - 1
    default:
      return null
  }
}
