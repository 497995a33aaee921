import { raw } from 'hono/html'

const icon = (body: string): ReturnType<typeof raw> =>
  raw(
    `<svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">${body}</svg>`,
  )

/** Small line drawings; each stands beside words that say the same. */
export const icons = {
  envelope: icon(
    '<rect x="3" y="5.500" width="18" height="13" rx="2"/><path d="m3.500 7 8.500 6 8.500-6"/>',
  ),
  people: icon(
    '<circle cx="9" cy="9" r="3.200"/><path d="M3.500 19c.5-3.400 2.600-5 5.500-5s5 1.600 5.500 5M15.500 6.200a3 3 0 0 1 0 5.600M17 14.400c2 .7 3.200 2.200 3.500 4.600"/>',
  ),
  pen: icon(
    '<path d="M4 20l1-4L16.500 4.500a2 2 0 0 1 3 3L8 19l-4 1Z"/><path d="m14.500 6.500 3 3"/>',
  ),
  bin: icon(
    '<path d="M4.500 7h15M9.500 7V4.500h5V7M6.500 7l1 12.500h9l1-12.500M10.500 10.500v5.500M13.500 10.500v5.500"/>',
  ),
  clip: icon(
    '<path d="m8 12.500 6.300-6.300a2.700 2.700 0 0 1 3.800 3.800l-8 8a4.300 4.300 0 0 1-6.100-6.100L11.800 4"/>',
  ),
  file: icon('<path d="M6.500 3.500h7l4 4v13h-11z"/><path d="M13.500 3.500v4h4"/>'),
  download: icon('<path d="M12 4v11M7.500 11l4.500 4.500 4.500-4.500M5 19.500h14"/>'),
  reply: icon('<path d="M9.500 6 4 11.500 9.500 17M4.500 11.500H14a6 6 0 0 1 6 6v.500"/>'),
  replyAll: icon(
    '<path d="M12.500 6 7 11.500l5.500 5.500M7 6.500l-4.500 5 4.500 5M7.500 11.500H16a5 5 0 0 1 5 5v1"/>',
  ),
  seal: icon(
    '<rect x="5" y="10.500" width="14" height="9.500" rx="2"/><path d="M8 10.500V8a4 4 0 0 1 8 0v2.500"/>',
  ),
  back: icon('<path d="M14.500 5.500 8 12l6.500 6.500"/>'),
} as const
