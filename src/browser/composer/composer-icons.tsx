import { icon } from '../ui/icons.tsx'

export const CloseIcon = icon('M6.5 6.5l11 11M17.5 6.5l-11 11')
export const PlusIcon = icon('M12 5v14M5 12h14')
export const AttachIcon = icon(
  'M20 11.5l-8.2 8.2a5 5 0 0 1-7.1-7.1l8.6-8.6a3.3 3.3 0 0 1 4.7 4.7l-8.5 8.5a1.6 1.6 0 0 1-2.3-2.3l7.8-7.8',
)
export const BoldIcon = icon(
  'M7.5 5h5.5a3.5 3.5 0 0 1 0 7h-5.5zM7.5 12h6.5a3.5 3.5 0 0 1 0 7h-6.5z',
)
export const ItalicIcon = icon('M10 5h8M6 19h8M14.5 5l-5 14')
export const UnderlineIcon = icon('M7 4.5v7a5 5 0 0 0 10 0v-7M5.5 20h13')
export const BulletsIcon = icon('M9 6h11M9 12h11M9 18h11M4.5 6h.01M4.5 12h.01M4.5 18h.01')
export const NumbersIcon = icon(
  'M10 6h10M10 12h10M10 18h10M4 4.5l1.5-.5v4.5M3.8 14.5c.2-1 2.4-1 2.2.3-.1.8-2.2 1.7-2.2 2.7h2.4',
)
export const QuoteIcon = icon('M5 4.5v15M9.5 7h10M9.5 12h10M9.5 17h7')
export const LinkIcon = icon(
  'M10 14a4 4 0 0 0 5.7 0l3-3a4 4 0 0 0-5.7-5.7l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l1-1',
)
export const ClearIcon = icon('M6 5h12M12 5l-2.5 14M14.5 15l5 5M19.5 15l-5 5')
export const PictureIcon = icon('M4 5h16v14H4zM4 16l4.5-4.5 4 4 2.5-2.5 5 5M15.5 9h.01')
