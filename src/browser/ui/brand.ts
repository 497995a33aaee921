import { accentOf } from '../../core/envelope/accent.ts'

/**
 * Gives the page the organisation's colour, corrected so that text on it and it on paper can be read.
 * Set through the CSSOM: the pages' Content-Security-Policy allows no inline style.
 */
export function wearAccent(colour: string, page: Document): void {
  const accent = accentOf(colour)
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const wear = (): void => {
    const style = page.documentElement.style
    style.setProperty('--accent', dark.matches ? accent.dark : accent.light)
    style.setProperty('--on-accent', dark.matches ? accent.onDark : accent.onLight)
  }
  wear()
  dark.addEventListener('change', wear)
}
