/** What every part of the page needs to say something in the user's language, and to lead to a place in a file. */
import { formatCount, formatDatum, formatShare } from '../../src/shared/numberFormat.ts';
import type { LookTexts } from '../../src/shared/protocol/views/lookAtData.ts';
import { element } from '../kit/dom.ts';

export interface ViewContext {
  readonly texts: LookTexts;
  /** BCP 47, of numbers. */
  readonly locale: string;
  /** Opens a file in an editor, at a line (from 1). */
  readonly open: (file: string, line: number | null) => void;
}

/** `12 (3.5%)`: a count and its share of a whole. */
export function countText(count: number, whole: number, { locale }: ViewContext): string {
  const share = whole === 0 ? '' : ` (${formatShare(count / whole, locale)})`;
  return formatCount(count, locale) + share;
}

export function datumText(value: number | null, { locale }: ViewContext): string {
  return value === null ? '–' : formatDatum(value, locale);
}

/** Looks like a link, and opens the file at a line. */
export function placeLink(
  text: string,
  { file, line }: { readonly file: string; readonly line: number | null },
  { open }: ViewContext,
): HTMLElement {
  const link = element('button', { className: 'link', text, attributes: { type: 'button' } });
  link.addEventListener('click', () => open(file, line));
  return link;
}

/** Replaces `{0}`, `{1}` of a text by nodes: a sentence with a link in it. */
export function sentence(template: string, ...parts: readonly (Node | string)[]): HTMLElement {
  const pieces = template.split(/\{(\d+)\}/);
  const nodes = pieces.map((piece, i) => (i % 2 === 0 ? piece : (parts[Number(piece)] ?? '')));
  const made = element('span');
  made.append(...nodes);
  return made;
}
