/**
 * Uniform numbers as PyTorch's CPU generator gives them, bit for bit: `torch.manual_seed(seed)` followed
 * by `tensor.uniform_(low, high)`. Source: ATen/core/TransformationHelper.h (uniform_real) of PyTorch 1.13:
 * the low 24 bits of one MT19937 word, times 2^-24, then `x * (high - low) + low` in float32, which
 * compilers contract to one fused multiply-add.
 */
import { mt19937 } from './mt19937.ts';

export interface TorchGenerator {
  /** `count` float32 numbers in [low, high), drawn in order. */
  uniform(count: number, low: number, high: number): Float32Array;
}

/** The generator that `torch.manual_seed(seed)` sets up; all tensors of a model draw from it in turn. */
export function torchGenerator(seed: number): TorchGenerator {
  const words = mt19937(seed);
  return {
    uniform(count, low, high) {
      const from = Math.fround(low);
      const range = Math.fround(Math.fround(high) - from);
      // 24-bit by 24-bit products are exact in float64; so is the sum while `from` is not far larger
      // than `range`. Storing it rounds once, as the fused operation does.
      return Float32Array.from(
        { length: count },
        () => (words() & 0xffffff) * 2 ** -24 * range + from,
      );
    },
  };
}
