/** What somebody dropped or pasted: a file, or the source of one as text. Null when there is neither. */
export function fileIn(data: DataTransfer | null): Blob | null {
  const file = data?.files[0]
  if (file !== undefined) return file
  const source = data?.getData('text/plain') ?? ''
  return source.includes('<') ? new Blob([source]) : null
}
