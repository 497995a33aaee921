/** Of a subject, a file name without ending that every file system takes. */
export function fileNameOf(subject: string): string {
  const name = subject
    .replaceAll(/[\p{C}\\/:*?"<>|]+/gu, ' ')
    .trim()
    .replace(/^\.+/, '')
  return name.slice(0, 80).toWellFormed().trim() || 'message'
}
