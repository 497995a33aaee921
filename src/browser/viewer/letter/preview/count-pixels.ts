/** JPEG's fields before its size, at most: pictures of cameras have a small picture there. */
const maxJpegFields = 1000

/** How many pixels a PNG, GIF or JPEG says that it has; null of others, and where it does not say. */
export function countPixels(bytes: Uint8Array): number | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    if (view.getUint32(0) === 0x89504e47) return view.getUint32(16) * view.getUint32(20) // PNG §11.2.1
    if (view.getUint32(0) === 0x47494638) return view.getUint16(6, true) * view.getUint16(8, true) // GIF89a §18
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
