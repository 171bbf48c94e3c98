/** What is gathered of the texts of a column: their forms, and hashes to tell how many differ. */
import { describeCell, growing, ownText, type Cell } from '../data/columns.ts';
import { createHash53 } from '../data/hashRows.ts';
import { isDate } from './textForms.ts';

/** Of the cells that are neither missing nor numbers. */
export interface TextFacts {
  readonly count: number;
  readonly dates: number;
  readonly nested: number;
  /** Mean length in characters, and cells with a space in them. */
  readonly meanLength: number;
  readonly withSpaces: number;
  readonly first: { readonly cell: string; readonly line: number } | null;
}

/** `finish` may be called once. */
export function profileTexts() {
  const hashes = growing((size) => new Float64Array(size));
  const hash = createHash53();
  let [count, dates, nested, length, withSpaces] = [0, 0, 0, 0, 0];
  let first: { cell: string; line: number } | null = null;
  return {
    add(cell: Cell, line: number): void {
      count++;
      first ??= { cell: ownText(describeCell(cell)), line };
      const text = typeof cell === 'string' ? cell : JSON.stringify(cell);
      hash.addText(text);
      hashes.push(hash.take());
      length += text.length;
      if (typeof cell === 'object') nested++;
      else if (isDate(text)) dates++;
      if (text.trim().includes(' ')) withSpaces++;
    },
    finish: (): TextFacts & { readonly hashes: Float64Array } => ({
      hashes: hashes.finish(),
      count,
      dates,
      nested,
      meanLength: count === 0 ? 0 : length / count,
      withSpaces,
      first,
    }),
  };
}
