/** Size and colour of PNG and JPEG files from their first bytes, so that thousands of files are looked at in seconds. */
import { open } from 'node:fs/promises';

export interface ImageHeader {
  readonly height: number;
  readonly width: number;
  /** Whether the file can only hold greys; one that can hold colours may hold greys all the same. */
  readonly isGrey: boolean;
}

/** In JPEG files previews and colour profiles stand before the size: seldom more than this. */
const headerBytes = 1 << 18;

/** Null for a file that is neither PNG nor JPEG, or ends too early. Throws what the file system throws. */
export async function readImageHeader(file: string): Promise<ImageHeader | null> {
  const handle = await open(file);
  try {
    const first = await handle.read(Buffer.alloc(1024), 0, 1024, 0);
    const start = first.buffer.subarray(0, first.bytesRead);
    const header = parseImageHeader(start);
    if (header !== null || !isJpeg(start)) return header;
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headerBytes), 0, headerBytes, 0);
    return parseImageHeader(buffer.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
}

/** `bytes`: the beginning of a file. Null where they do not say the size. */
export function parseImageHeader(bytes: Buffer): ImageHeader | null {
  if (isJpeg(bytes)) return parseJpeg(bytes);
  const isPng = bytes.length >= 26 && bytes.readUInt32BE(0) === 0x89504e47;
  if (!isPng || bytes.toString('latin1', 12, 16) !== 'IHDR') return null;
  const colorType = bytes[25]!; // 0: grey, 4: grey with transparency
  return checked({
    height: bytes.readUInt32BE(20),
    width: bytes.readUInt32BE(16),
    isGrey: colorType === 0 || colorType === 4,
  });
}

function isJpeg(bytes: Buffer): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8;
}

/** Segments: a marker, a length, and content; that of a frame (SOF) has height, width and number of components. */
function parseJpeg(bytes: Buffer): ImageHeader | null {
  let at = 2;
  while (at + 10 <= bytes.length) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at++; // any number of 0xff may stand before a marker
      continue;
    }
    if (isFrame(marker)) {
      const [height, width] = [bytes.readUInt16BE(at + 5), bytes.readUInt16BE(at + 7)];
      return checked({ height, width, isGrey: bytes[at + 9] === 1 });
    }
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return null;
}

/** SOF0 to SOF15, of which three numbers mean other things: tables (DHT, DAC) and an extension (JPG). */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

function checked(header: ImageHeader): ImageHeader | null {
  return header.height > 0 && header.width > 0 ? header : null;
}
