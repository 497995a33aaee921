/** What the pages are made of, built: three folders up from source and build alike. */
export const browserFolder: URL = new URL('../../../dist/browser/', import.meta.url)
