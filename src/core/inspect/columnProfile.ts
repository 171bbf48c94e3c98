/** What is gathered of one column while its rows go by: numbers as they are, texts as hashes, counts of values. */
import type { ColumnReport, WrongNumber } from '../../shared/protocol/dataReport.ts';
import { growing, isMissing, toNumber, type Cell } from '../data/columns.ts';
import type { NumberReader } from '../data/numberForm.ts';
import { looksNumeric, type ColumnTally } from './chooseForms.ts';
import { columnType } from './columnType.ts';
import { countDistinct } from '../data/hashRows.ts';
import { reportNumbers } from './numberReport.ts';
import { tallyNumbers } from './numberTally.ts';
import { profileTexts, type TextFacts } from './textProfile.ts';
import { createValueCounter } from './valueCounter.ts';

/** As many of the commonest values are reported. */
const shownValues = 100;

export interface ColumnProfile {
  add(cell: Cell, line: number): void;
  /** How its numbers are written. */
  tally(): ColumnTally;
  /** To be called once: the memory of the values is given up. */
  finish(name: string): ColumnReport;
}

export function createColumnProfile(
  read: NumberReader = toNumber,
  unit: string | null = null,
): ColumnProfile {
  const numbers = gatherNumbers(read);
  const texts = profileTexts();
  const counter = createValueCounter();
  let [missing, values] = [0, 0];
  const tally = (): ColumnTally => ({ ...numbers.tally(), values });
  return {
    tally,
    add(cell, line) {
      const isNumber = numbers.add(cell);
      if (!isNumber && isMissing(cell)) {
        missing++;
        return;
      }
      values++;
      if (!isNumber) {
        texts.add(cell, line);
        numbers.addText(cell, line);
      }
      counter.add(cell);
    },
    finish(name) {
      const { sorted, leadingZeros } = numbers.finish();
      const found = reportNumbers(sorted);
      const { hashes, ...facts } = texts.finish();
      const counted = counter.values();
      const distinct = counter.overflowed
        ? countDistinct(sorted) + countDistinct(hashes)
        : counted.length;
      const isNumeric = looksNumeric(tally());
      const integers = sorted.every(Number.isInteger);
      const shape = {
        name,
        values,
        distinct,
        numbers: found,
        integers,
        texts: facts,
        leadingZeros,
      };
      const type = columnType({ ...shape, top: counted, looksNumeric: isNumeric });
      const isCode = leadingZeros > 0 && (type === 'category' || type === 'id');
      const wrongNumber = found === null && !isNumeric ? null : wrongOf(facts);
      return {
        name,
        type,
        unit,
        values,
        missing,
        distinct,
        top: counted.slice(0, shownValues),
        numbers: isCode ? null : found,
        wrongNumber,
      };
    },
  };
}

/** The numbers among the cells, and how they are written. */
function gatherNumbers(read: NumberReader) {
  const numbers = growing((size) => new Float64Array(size));
  const written = tallyNumbers();
  let [plain, leadingZeros] = [0, 0];
  return {
    /** Whether the cell is a number. */
    add(cell: Cell): boolean {
      const number = read(cell);
      if (number === null) return false;
      plain++;
      numbers.push(number);
      if (typeof cell !== 'string') return true;
      written.addPlain(cell);
      if (hasLeadingZero(cell)) leadingZeros++;
      return true;
    },
    addText(cell: Cell, line: number): void {
      if (typeof cell === 'string') written.addText(cell, line);
    },
    tally: () => ({ ...written.tally(), plain }),
    finish: () => ({ sorted: numbers.finish().sort(), leadingZeros }),
  };
}

function wrongOf({ first, count }: TextFacts): WrongNumber | null {
  return first === null ? null : { ...first, count };
}

function hasLeadingZero(cell: string): boolean {
  return cell.charCodeAt(0) <= 48 && /^\s*0\d/.test(cell);
}
