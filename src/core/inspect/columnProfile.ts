/** What is gathered of one column while its rows go by: numbers as they are, texts as hashes, counts of values. */
import type { ColumnReport, WrongNumber } from '../../shared/protocol/dataReport.ts';
import { growing, isMissing, toNumber, type Cell } from '../data/columns.ts';
import { columnType } from './columnType.ts';
import { countDistinct } from './hashRows.ts';
import { reportNumbers } from './numberReport.ts';
import { profileTexts, type TextFacts } from './textProfile.ts';
import { createValueCounter } from './valueCounter.ts';

/** As many of the commonest values are reported. */
const shownValues = 100;

export interface ColumnProfile {
  add(cell: Cell, line: number): void;
  /** To be called once: the memory of the values is given up. */
  finish(name: string): ColumnReport;
}

export function createColumnProfile(): ColumnProfile {
  const numbers = growing((size) => new Float64Array(size));
  const texts = profileTexts();
  const counter = createValueCounter();
  let missing = 0;
  return {
    add(cell, line) {
      const number = toNumber(cell);
      if (number !== null) numbers.push(number);
      else if (isMissing(cell)) {
        missing++;
        return;
      } else texts.add(cell, line);
      counter.add(cell);
    },
    finish(name) {
      const sorted = numbers.finish().sort();
      const report = reportNumbers(sorted);
      const { hashes, ...facts } = texts.finish();
      const values = sorted.length + facts.count;
      const counted = counter.values();
      const distinct = counter.overflowed
        ? countDistinct(sorted) + countDistinct(hashes)
        : counted.length;
      const wrongNumber = report === null && !facts.allCommas ? null : wrongOf(facts);
      const integers = sorted.every(Number.isInteger);
      const shape = { name, values, distinct, numbers: report, integers, texts: facts };
      return {
        name,
        type: columnType({ ...shape, top: counted }),
        values,
        missing,
        distinct,
        top: counted.slice(0, shownValues),
        numbers: report,
        wrongNumber,
      };
    },
  };
}

function wrongOf({ first, count, allCommas }: TextFacts): WrongNumber | null {
  return first === null ? null : { ...first, count, decimalComma: allCommas };
}
