/** Where the key of this tab's draft stands, beside the share of the message that it answers. */
export const draftKeyName = 'zegel.draft'

/** Whether this tab may keep a draft; to be found by who loads what finds it. */
export function hasKeptDraft(): boolean {
  try {
    return sessionStorage.getItem(draftKeyName) !== null
  } catch {
    return false // storage is blocked
  }
}
