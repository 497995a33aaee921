// Checks the dependency rule, and that the check itself works: it must read every module and find
// a violation planted for it (dependency-cruiser that reads nothing also exits with 0).
import { createRequire } from 'node:module'
import { globSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
process.chdir(root)
const require = createRequire(import.meta.url)
const configuration = require('../.dependency-cruiser.cjs')

// dependency-cruiser asks swc for TypeScript without JSX, whatever the file's name says.
const swc = require('@swc/core')
const { parseFileSync } = swc
swc.parseFileSync = (file, parseOptions) =>
  parseFileSync(file, { ...parseOptions, tsx: file.endsWith('.tsx') })
const { cruise } = await import('dependency-cruiser')
const { enhancedResolveOptions, ...options } = configuration.options

const check = async () => {
  const { output } = await cruise(
    ['src'],
    { ...options, validate: true, ruleSet: { forbidden: configuration.forbidden } },
    enhancedResolveOptions,
  )
  return output.summary
}

const planted = 'src/core/planted-violation.ts'
const describe = violation => `${violation.rule.name}: ${violation.from} → ${violation.to}`

try {
  writeFileSync(
    planted,
    "import { readFileSync } from 'node:fs'\nexport const planted = readFileSync\n",
  )
  const withPlanted = await check()
  if (!withPlanted.violations.some(violation => violation.from === planted)) {
    console.error('dependency rule: the planted violation was not found; the check does not work')
    process.exit(1)
  }
} finally {
  rmSync(planted, { force: true })
}

const summary = await check()
const modules = globSync('src/**/*.{ts,tsx}').length
if (summary.totalCruised < modules) {
  console.error(`dependency rule: read ${summary.totalCruised} of ${modules} modules`)
  process.exit(1)
}
for (const violation of summary.violations) console.error(describe(violation))
if (summary.violations.length > 0) process.exit(1)
console.log(`dependency rule: ${modules} modules, no violation, planted violation found`)
