/**
 * Peaks of cards as their makers state them, in TFLOP/s without sparsity: float32 outside of tensor cores, TF32 and float16 in
 * them (summed in float32). Sources: NVIDIA's data sheets of H100 and H200 (SXM), A100, L4, L40S, T4, V100, and the whitepapers
 * of Ada and Ampere GA102.
 */
export interface CardPeak {
  readonly float32: number;
  readonly tf32?: number;
  readonly float16: number;
}

const cards: readonly (readonly [RegExp, CardPeak])[] = [
  [/H[12]00/, { float32: 66.9, tf32: 494.7, float16: 989.4 }],
  [/A100/, { float32: 19.5, tf32: 156, float16: 312 }],
  [/L40S/, { float32: 91.6, tf32: 183, float16: 362 }],
  [/\bL4\b/, { float32: 30.3, tf32: 60, float16: 121 }],
  [/RTX 4090/, { float32: 82.6, tf32: 82.6, float16: 165.2 }],
  [/RTX 3090/, { float32: 35.6, tf32: 35.6, float16: 71 }],
  [/\bT4\b/, { float32: 8.1, float16: 65 }],
  [/V100/, { float32: 15.7, float16: 125 }],
];

/** Null for a card that is not in the table. */
export function peakOf(device: string): CardPeak | null {
  return cards.find(([name]) => name.test(device))?.[1] ?? null;
}

/** Of the arithmetic that a form uses, by its name; null where that is not known. */
export function peakFor(peak: CardPeak | null, form: string): number | null {
  if (peak === null) return null;
  if (/mixed|AMP|float16/.test(form)) return peak.float16;
  return /TF32/.test(form) ? (peak.tf32 ?? null) : peak.float32;
}
