/** How many pages a PDF has that Chromium wrote; its page objects are not compressed. ISO 32000-1 §7.7.3.3 */
export function pdfPages(pdf: Buffer): number {
  return pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0
}
