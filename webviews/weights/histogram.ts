/** Counts of values as bars, with a line at zero. */
import type { TensorStatistics } from '../../src/shared/protocol/weights.ts';
import { element } from '../kit/dom.ts';

const width = 240;
const height = 72;

export class Histogram {
  readonly node = element('canvas', { className: 'histogram', attributes: { role: 'img' } });

  draw(finite: TensorStatistics['finite']): void {
    const scale = window.devicePixelRatio;
    this.node.width = width * scale;
    this.node.height = height * scale;
    this.node.hidden = finite === null;
    if (finite === null) return;
    const context = this.node.getContext('2d')!;
    context.scale(scale, scale);
    const style = getComputedStyle(this.node);
    context.fillStyle = style.color;
    const most = Math.max(...finite.histogram);
    const bar = width / finite.histogram.length;
    finite.histogram.forEach((count, i) => {
      // One value among millions shows still.
      const size = count === 0 ? 0 : Math.max(1, (count / most) * (height - 2));
      context.fillRect(i * bar, height - size, Math.max(1, bar - 1), size);
    });
    const zero = zeroAt(finite);
    if (zero === null) return;
    context.fillStyle = style.borderBottomColor;
    context.fillRect(zero * width, 0, 1, height);
  }
}

/** The share of the range that is below zero; null where zero is outside. */
export function zeroAt({
  min,
  max,
}: {
  readonly min: number;
  readonly max: number;
}): number | null {
  return min < 0 && max > 0 ? -min / (max - min) : null;
}
