/** What the text in a field means, and what there is to say of it. No DOM. */
import { fillIn } from '../../src/shared/numberFormat.ts';
import type { InputField } from '../../src/shared/protocol/runInputs.ts';
import type { PredictState } from '../../src/shared/protocol/views/predict.ts';

type Texts = PredictState['texts'];

export interface FieldReading {
  /** Null for an empty field. */
  readonly value: string | number | null;
  readonly notice: Notice;
}

export interface Notice {
  /** With an `error` there is no prediction. */
  readonly severity: 'error' | 'warning' | 'hint';
  readonly text: string;
}

export interface ReadOptions {
  readonly texts: Texts;
  /** BCP 47, of the numbers in notices. */
  readonly locale: string;
}

export function readField(field: InputField, text: string, options: ReadOptions): FieldReading {
  const { texts } = options;
  const given = text.trim();
  if (given === '') return { value: null, notice: emptyNotice(field, texts) };
  if (field.kind !== 'number') return { value: given, notice: hint('') };
  const value = toNumber(given, options.locale);
  if (!Number.isFinite(value) || /^[+-]?0[xob]/i.test(given)) {
    return { value: null, notice: { severity: 'error', text: fillIn(texts.notNumber, given) } };
  }
  return { value, notice: rangeNotice(field.range, value, options) };
}

/** `12,5` too where the language writes it so; NaN for anything else. */
function toNumber(text: string, locale: string): number {
  const hasComma = new Intl.NumberFormat(locale).format(0.5).includes(',');
  return Number(hasComma ? text.replace(/^([+-]?\d+),(\d+)$/, '$1.$2') : text);
}

function emptyNotice({ name, fill }: InputField, texts: Texts): Notice {
  if (fill === null) return { severity: 'error', text: fillIn(texts.missing, name) };
  return hint(fillIn(texts.optional, fill));
}

function rangeNotice(
  range: { readonly min: number; readonly max: number } | null,
  value: number,
  { texts, locale }: ReadOptions,
): Notice {
  if (range === null) return hint('');
  const format = new Intl.NumberFormat(locale, { maximumSignificantDigits: 6, useGrouping: false });
  const [min, max] = [format.format(range.min), format.format(range.max)];
  if (value >= range.min && value <= range.max) return hint(fillIn(texts.range, min, max));
  return { severity: 'warning', text: fillIn(texts.outside, min, max) };
}

function hint(text: string): Notice {
  return { severity: 'hint', text };
}
