/** What the pages are made of, built: three folders up from source and build alike. */
export const browserFolder: URL = new URL('../../../dist/browser/', import.meta.url)

/** Written by `npm run promises`; missing where it was not run for this build. */
export const promiseResultsFile: URL = new URL('../../../dist/promises.json', import.meta.url)
