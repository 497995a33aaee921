import { useEffect, useMemo, useState } from 'preact/hooks'
import { locale, text } from '../../ui/text.ts'
import type { FrameLook } from './frame-document.ts'

/** How the page looks now: the frame's document cannot inherit it. */
export function useFrameLook(ownColours: boolean): FrameLook {
  const scheme = useMemo(() => matchMedia('(prefers-color-scheme: dark)'), [])
  const [dark, setDark] = useState(scheme.matches)
  useEffect(() => {
    const follow = (): void => setDark(scheme.matches)
    scheme.addEventListener('change', follow)
    return () => scheme.removeEventListener('change', follow)
  }, [scheme])
  const accent = getComputedStyle(document.documentElement).getPropertyValue('--accent').trim()
  return {
    dark,
    accent: /^#[0-9a-f]{6}$/i.test(accent) ? accent : 'inherit',
    locale: locale.value,
    ownColours,
    foldLabel: text('message.earlier'),
  }
}
