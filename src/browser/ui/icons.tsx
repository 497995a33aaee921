import type { JSX } from 'preact'

/** 24 units wide and high; strokes. */
export function icon(path: string): () => JSX.Element {
  return () => (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={path} />
    </svg>
  )
}

export const DownloadIcon = icon('M12 4v11m0 0 4.5-4.5M12 15l-4.5-4.5M5 19.5h14')
export const CheckIcon = icon('M5 12.5l4.5 4.5L19 7.5')
export const ReplyIcon = icon('M9 7 4 12l5 5M4.5 12H14a6 6 0 0 1 6 6v1')
export const ReplyAllIcon = icon('M12 7l-5 5 5 5M7 7l-5 5 5 5M7.5 12H15a6 6 0 0 1 6 6v1')
export const ForwardIcon = icon('M15 7l5 5-5 5M19.5 12H10a6 6 0 0 0-6 6v1')
export const PrintIcon = icon(
  'M7 9V4h10v5M7 17H5a1.5 1.5 0 0 1-1.5-1.5v-5A1.5 1.5 0 0 1 5 9h14a1.5 1.5 0 0 1 1.5 1.5v5A1.5 1.5 0 0 1 19 17h-2M7 14h10v6H7z',
)
export const MailIcon = icon('M4 6h16v12H4zM4 7l8 6 8-6')
export const BackIcon = icon('M10 6l-6 6 6 6M4.5 12H20')
