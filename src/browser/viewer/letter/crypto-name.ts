/** As its users call it. */
export function cryptoName(kind: 'smime' | 'openpgp' | 'none'): string {
  return kind === 'smime' ? 'S/MIME' : 'OpenPGP'
}
