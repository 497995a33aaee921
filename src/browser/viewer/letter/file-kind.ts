/** What a person calls a file: its ending in capitals, or the kind that a mail program would name. */
export type FileKind =
  | { readonly kind: 'message' }
  | { readonly kind: 'calendar' }
  | { readonly kind: 'ending'; readonly ending: string }
  | { readonly kind: 'file' }

export function fileKind(name: string, type: string): FileKind {
  if (type === 'message/rfc822') return { kind: 'message' }
  if (type === 'text/calendar') return { kind: 'calendar' }
  const ending = endingOf(name)
  return ending === '' ? { kind: 'file' } : { kind: 'ending', ending: ending.toUpperCase() }
}

/** Endings of files that run, or that programs are usually hidden in. */
const programs: ReadonlySet<string> = new Set(
  (
    'app appx apk bat cab chm cmd com cpl dll dmg docm exe gadget hta htm html img inf ins iso jar js jse ' +
    'lnk mht mhtml msc msi msix msp one pif pl pptm ps1 psm1 py rb reg scf scr settingcontent-ms sh ' +
    'svg svgz sys url vb vbe vbs vhd vhdx ws wsc wsf wsh xhtml xlam xll xlsm'
  ).split(' '),
)

/** True when a careful person would ask before opening it. */
export function mayRun(name: string): boolean {
  return programs.has(endingOf(name))
}

function endingOf(name: string): string {
  return /\.([A-Za-z0-9-]{1,20})\s*$/.exec(name)?.[1]?.toLowerCase() ?? ''
}
