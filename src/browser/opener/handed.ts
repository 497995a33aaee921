/** How the service worker says what it took in: `/open?handed=ID`, or a refusal's code instead of the id. */
export const HANDED = 'handed'
