/** What a column is for. No DOM. */
import type { DataReport } from '../../src/shared/protocol/dataReport.ts';
import type { LookTexts } from '../../src/shared/protocol/views/lookAtData.ts';

/** Of a config: target, input, or not used; of a table alone: which column a proposed config would predict. */
export function columnRole(
  name: string,
  { prepared, likelyTarget }: DataReport,
  texts: Pick<LookTexts, 'target' | 'input' | 'unused' | 'likelyTarget'>,
): string {
  if (prepared === null) return name === likelyTarget ? texts.likelyTarget : '';
  if (name === prepared.target) return texts.target;
  const isInput = prepared.features.some(({ column }) => column === name);
  return isInput ? texts.input : texts.unused;
}
