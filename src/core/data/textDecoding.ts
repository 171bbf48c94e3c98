/** From the bytes of a file to its characters: byte order marks, UTF-8 as the rule, and any other encoding by name. */
import { StringDecoder } from 'node:string_decoder';
import { TextDecoder } from 'node:util';
import { say } from '../../shared/language.ts';
import type { TextEncodingName } from '../../shared/model/data.ts';

/** Bytes of the file one after the other, in pieces that may part a character. */
export interface TextReader {
  write(bytes: Buffer): string;
  end(): string;
}

/** The file is not in UTF-8, though it is read so. */
export class NotUtf8 extends Error {
  readonly likely: TextEncodingName;
  /** Of the file, from 1. */
  readonly line: number;

  constructor(found: { likely: TextEncodingName; line: number; shown: string }) {
    const { likely, line, shown } = found;
    super(
      say`line ${line} is not UTF-8: "${shown}"; set \`encoding: ${likely}\` under \`data\`, or save the file as UTF-8`,
    );
    this.likely = likely;
    this.line = line;
  }
}

/** `start`: the first bytes of the file; its byte order mark, which is left out, counts more than `encoding`. */
export function textReader(start: Buffer, encoding: TextEncodingName = 'utf-8'): TextReader {
  const name = markedEncoding(start) ?? encoding;
  if (name === 'utf-8') return utf8Reader();
  const decoder = new TextDecoder(name);
  return {
    write: (bytes) => decoder.decode(bytes, { stream: true }),
    end: () => decoder.decode(),
  };
}

/** By the byte order mark of the file; null without one. */
export function markedEncoding(start: Buffer): TextEncodingName | null {
  const mark = start.subarray(0, 3).toString('hex');
  if (mark === 'efbbbf') return 'utf-8';
  if (mark.startsWith('fffe')) return 'utf-16le';
  return mark.startsWith('feff') ? 'utf-16be' : null;
}

function utf8Reader(): TextReader {
  const decoder = new StringDecoder('utf8');
  let [isFirst, lines] = [true, 1];
  return {
    write(bytes) {
      const text = decoder.write(bytes);
      if (isFirst) refuseUtf16(bytes);
      refuseOthers(bytes, text, lines);
      lines += countLines(bytes);
      const isStart = isFirst;
      isFirst = false;
      return isStart ? text.replace(/^\ufeff/, '') : text;
    },
    end: () => decoder.end(),
  };
}

/** A character that is no UTF-8 is read as U+FFFD; a file may also hold that itself. */
function refuseOthers(bytes: Buffer, text: string, firstLine: number): void {
  const at = text.indexOf('\ufffd');
  if (at < 0 || bytes.includes('\ufffd')) return;
  const around = text.slice(Math.max(0, at - 20), at + 20).split(/[\r\n]/);
  const shown = around.find((part) => part.includes('\ufffd')) ?? '';
  const line = firstLine + text.slice(0, at).split('\n').length - 1;
  throw new NotUtf8({ likely: 'windows-1252', line, shown });
}

/** Of Latin letters every second byte is 0; UTF-8 reads those as characters too. */
function refuseUtf16(bytes: Buffer): void {
  const start = bytes.subarray(0, 1000);
  const zeros = [0, 0];
  start.forEach((byte, i) => {
    if (byte === 0) zeros[i % 2]!++;
  });
  const shown = start
    .toString('latin1')
    .replaceAll('\0', '')
    .slice(0, 20)
    .split(/[\r\n]/)[0]!;
  if (zeros[1]! > start.length / 4) throw new NotUtf8({ likely: 'utf-16le', line: 1, shown });
  if (zeros[0]! > start.length / 4) throw new NotUtf8({ likely: 'utf-16be', line: 1, shown });
}

function countLines(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) lines++;
  return lines;
}
