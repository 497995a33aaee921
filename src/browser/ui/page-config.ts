import type { OrganisationView } from '../../core/api/messages.ts'

/** What the portal says about a page in its inert block `<script type="application/json" id="config">`. */
export interface PageConfig {
  readonly organisation: OrganisationView
  /** BCP 47 tag that the portal chose by Accept-Language. */
  readonly locale: string
  /** `mail.example.com`, with a port when it is not the usual one. */
  readonly portalHost: string
  /** True when a posted envelope was too large for the portal to take in: the page asks for the file. */
  readonly askForFile: boolean
}

const unknownOrganisation: OrganisationView = {
  id: '',
  name: '',
  accent: '#8c2f28',
  logo: '',
  privacyAddress: '',
}

/** Reads the block; what is missing gets a neutral value, so that a page always opens. */
export function readPageConfig(page: Document): PageConfig {
  const config = parseBlock(page.getElementById('config')?.textContent ?? '')
  const organisation = isRecord(config['organisation']) ? config['organisation'] : {}
  return {
    organisation: readOrganisation(organisation),
    locale: textOf(config['locale']) || page.documentElement.lang || 'en',
    portalHost: textOf(config['portalHost']) || location.host,
    askForFile: config['askForFile'] === true,
  }
}

function parseBlock(json: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(json)
    return isRecord(value) ? value : {}
  } catch {
    return {}
  }
}

function readOrganisation(value: Readonly<Record<string, unknown>>): OrganisationView {
  return {
    id: textOf(value['id']),
    name: textOf(value['name']),
    accent: textOf(value['accent']) || unknownOrganisation.accent,
    logo: textOf(value['logo']),
    privacyAddress: textOf(value['privacyAddress']),
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
