/** Where the web app manifest has other apps send a message.html; the service worker takes it in there. */
export const SHARED_PATH = '/open/shared'

/** The file's field in that form. */
export const SHARED_FIELD = 'message'
