import { readLogo } from '../../config/read-logo.ts'
import type { Config } from '../../config/schema.ts'
import { failed, ok } from './finding.ts'
import type { CheckLine } from './finding.ts'

/** Whether every logo can be read and is small enough. */
export async function* checkLogos(
  config: Pick<Config, 'organisations' | 'portal'>,
): AsyncGenerator<CheckLine> {
  for (const { id, logo } of [...config.organisations, ...config.portal.providers]) {
    if (logo === '') continue
    const name = `logo of ${id}`
    try {
      const { bytes } = await readLogo(logo)
      yield ok(name, `${bytes.length} bytes`)
    } catch (error) {
      yield failed(name, error instanceof Error ? error.message : String(error))
    }
  }
}
