/** JPEG's fields before its size, at most: pictures of cameras have a small picture there. */
const maxJpegFields = 1000

/** Where a picture says how large it is. */
const maxHeadBytes = 1_000_000

/** How many pixels a PNG, GIF, JPEG, WebP, BMP or AVIF says that it has; null of others, and where it does not say. */
export function countPixels(bytes: Uint8Array): number | null {
  const length = Math.min(bytes.byteLength, maxHeadBytes)
  const view = new DataView(bytes.buffer, bytes.byteOffset, length)
  try {
    if (view.getUint32(0) === 0x89504e47) return view.getUint32(16) * view.getUint32(20) // PNG §11.2.1
    if (view.getUint32(0) === 0x47494638) return view.getUint16(6, true) * view.getUint16(8, true) // GIF89a §18
    if (view.getUint16(0) === 0x424d) return countBmp(view)
    if (view.getUint32(0) === 0x52494646 && view.getUint32(8) === 0x57454250) return countWebp(view)
    if (view.getUint32(4) === 0x66747970) return countAvif(view)
    return view.getUint16(0) === 0xffd8 ? countJpeg(view) : null
  } catch {
    return null // ends before it says so
  }
}

/** ITU T.81 §B.2.2: the frame header, behind fields that each say how long they are. */
function countJpeg(view: DataView): number | null {
  let at = 2
  for (let fields = 0; fields < maxJpegFields; fields++) {
    const marker = view.getUint8(at + 1)
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
    if (isFrame) return view.getUint16(at + 5) * view.getUint16(at + 7)
    at += 2 + view.getUint16(at + 2)
  }
  return null
}

/** BITMAPCOREHEADER is 12 bytes long; in all later headers a height below 0 means that the first line is on top. */
function countBmp(view: DataView): number {
  if (view.getUint32(14, true) === 12) return view.getUint16(18, true) * view.getUint16(20, true)
  return Math.abs(view.getInt32(18, true) * view.getInt32(22, true))
}

/** RFC 9649 §2.5 to §2.7: lossy, lossless, and the canvas of all else. */
function countWebp(view: DataView): number | null {
  const kind = view.getUint32(12)
  if (kind === 0x56503820)
    return (view.getUint16(26, true) & 0x3fff) * (view.getUint16(28, true) & 0x3fff)
  if (kind === 0x5650384c) {
    const sides = view.getUint32(21, true)
    return ((sides & 0x3fff) + 1) * (((sides >>> 14) & 0x3fff) + 1)
  }
  if (kind !== 0x56503858) return null
  return ((view.getUint32(24, true) & 0xffffff) + 1) * ((view.getUint32(26, true) >>> 8) + 1)
}

/** ISO/IEC 23008-12 §6.5.3: an `ispe` box for each picture within; the largest counts. */
function countAvif(view: DataView): number | null {
  let largest: number | null = null
  for (let at = 8; at + 16 <= view.byteLength; at++)
    if (view.getUint32(at) === 0x69737065)
      largest = Math.max(largest ?? 0, view.getUint32(at + 8) * view.getUint32(at + 12))
  return largest
}
