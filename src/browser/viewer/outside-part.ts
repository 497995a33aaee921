import { lazyPart } from '../ui/lazy.tsx'
import { addText } from '../ui/text.ts'

/** Most messages were written by the organisation itself. */
export const outside = lazyPart(async () => {
  const [{ OutsideLine }] = await Promise.all([import('./outside-line.tsx'), addText('outside')])
  return OutsideLine
})
