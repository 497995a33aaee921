import { createHash } from 'node:crypto'
import type { OrganisationView } from '../../core/api/messages.ts'
import { cleanName } from '../../core/address/clean-name.ts'
import { accentOf } from '../../core/envelope/accent.ts'
import { readLogo } from '../config/read-logo.ts'
import type { OrganisationConfig } from '../config/schema.ts'
import { fromConfiguration } from '../telemetry/log.ts'
import type { Configured } from '../telemetry/log.ts'
import { createAsset } from './asset.ts'
import type { Asset } from './asset.ts'
import { FRAME_STYLE } from './pages/frame-style.ts'

/** An organisation as pages show it. */
export interface Brand {
  readonly view: OrganisationView
  /** The organisation's id, for counts. */
  readonly countedAs: Configured
  readonly logo: Asset | null
  /** The page's one inline style: the organisation's colour, readable in both schemes, and the frame. */
  readonly style: string
  /** `sha256-…` of the style, for the Content-Security-Policy. */
  readonly styleHash: string
}

export async function readBrand(organisation: OrganisationConfig): Promise<Brand> {
  const logo = organisation.logo === '' ? null : await logoAsset(organisation.logo)
  const { id, accent, privacyAddress } = organisation
  return brandOf({ id, name: cleanName(organisation.name), accent, privacyAddress }, logo)
}

/** For pages that belong to no organisation, where one portal serves several. */
export function neutralBrand(host: string): Brand {
  return brandOf({ id: '', name: host, accent: '#8c2f28', privacyAddress: '' }, null)
}

function brandOf(view: Omit<OrganisationView, 'logo'>, logo: Asset | null): Brand {
  const { light, onLight, dark, onDark } = accentOf(view.accent)
  const style =
    `:root{--accent:${light};--on-accent:${onLight}}` +
    `@media (prefers-color-scheme:dark){:root{--accent:${dark};--on-accent:${onDark}}}` +
    FRAME_STYLE
  return {
    view: { ...view, logo: logo?.path ?? '' },
    countedAs: fromConfiguration(view.id),
    logo,
    style,
    styleHash: `sha256-${createHash('sha256').update(style).digest('base64')}`,
  }
}

/** Null for a kind of file that is never served. @throws what `readLogo` throws */
export async function logoAsset(path: string): Promise<Asset | null> {
  const { type, bytes } = await readLogo(path)
  const name = createHash('sha256').update(bytes).digest('base64url').slice(0, 12)
  return createAsset(`/assets/logo-${name}.${type}`, bytes)
}
