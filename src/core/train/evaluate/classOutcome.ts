/** Which classes are taken for which. */
import type { ClassOutcome, ClassScores } from '../../../shared/protocol/evaluation.ts';

/** The likeliest class of each row, as accuracy takes it: the first of equals, 1 of two from above one half. */
export function predictedClasses(
  outputs: Float32Array,
  width: number,
  threshold: number,
): Int32Array {
  return Int32Array.from({ length: outputs.length / width }, (_, row) => {
    if (width === 1) return outputs[row]! > threshold ? 1 : 0;
    let best = 0;
    for (let i = 1; i < width; i++) {
      if (outputs[row * width + i]! > outputs[row * width + best]!) best = i;
    }
    return best;
  });
}

export function classOutcome(
  names: readonly string[],
  actual: ArrayLike<number>,
  predicted: Int32Array,
): ClassOutcome {
  const classes = names.length;
  const counts = new Int32Array(classes * classes);
  predicted.forEach((guess, row) => {
    const place = actual[row]! * classes + guess;
    counts[place] = counts[place]! + 1;
  });
  return { kind: 'classes', names, counts, scores: names.map((_, c) => scoresOf(counts, c)) };
}

function scoresOf(counts: Int32Array, c: number): ClassScores {
  const classes = Math.sqrt(counts.length);
  let [rows, guesses] = [0, 0];
  for (let i = 0; i < classes; i++) {
    rows += counts[c * classes + i]!;
    guesses += counts[i * classes + c]!;
  }
  const right = counts[c * classes + c]!;
  const share = (part: number, whole: number) => (whole === 0 ? null : part / whole);
  return {
    precision: share(right, guesses),
    recall: share(right, rows),
    f1: share(2 * right, guesses + rows),
    rows,
  };
}
