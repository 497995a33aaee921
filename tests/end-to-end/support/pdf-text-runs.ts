import { inflateSync } from 'node:zlib'

/**
 * How often a PDF that Chromium wrote draws a piece of a line; a line that is cut at the end of a page is drawn on
 * both. ISO 32000-1 §9.4.1
 */
export function pdfTextRuns(pdf: Buffer): number {
  const text = pdf.toString('latin1')
  let runs = 0
  for (const { index, 0: head, 1: length } of text.matchAll(
    /<<[^>]*\/Length (\d+)[^>]*>>\s*stream\r?\n/g,
  )) {
    const start = index + head.length
    runs += textRuns(pdf.subarray(start, start + Number(length)))
  }
  return runs
}

function textRuns(packed: Buffer): number {
  try {
    return (
      inflateSync(packed)
        .toString('latin1')
        .match(/\bBT\b/g)?.length ?? 0
    )
  } catch {
    return 0 // a picture, or not packed
  }
}
