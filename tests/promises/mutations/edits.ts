import type { Edit } from './mutation.ts'

/** Lets the portal serve scripts whose name begins so with more code at their end; their hashes are right. */
export const inScript = (begin: string, code: string): Edit =>
  inAssets(
    `name.startsWith('${begin}') && name.endsWith('.js') ? Buffer.concat([bytes, Buffer.from(${JSON.stringify(`\n;${code}`)})]) : bytes`,
  )

/** Lets the portal serve scripts in which one text stands for another. */
export const inScripts = (find: string, put: string): Edit =>
  inAssets(
    `name.endsWith('.js') ? Buffer.from(bytes.toString('utf8').replaceAll('${find}', '${put}')) : bytes`,
  )

const inAssets = (bytes: string): Edit => ({
  file: 'src/server/portal/browser-build.ts',
  find: 'return createAsset(pathOf(name), new Uint8Array(bytes))',
  put: `return createAsset(pathOf(name), new Uint8Array(${bytes}))`,
})

/** Writes bytes to a file in the folder for temporary files, as a careless buffer would. */
export const spill = (name: string, bytes: string): string =>
  `process.getBuiltinModule('node:fs').appendFileSync(process.getBuiltinModule('node:os').tmpdir() + '/${name}', ${bytes});`
