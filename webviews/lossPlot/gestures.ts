/** Mouse and keys over a chart: what they mean for the crosshair and the part that is shown. */
import type { PlotRange } from '../../src/shared/plot/look.ts';
import type { Frame } from './frame.ts';
import { xOfPixel } from './frame.ts';
import { panned, zoomed } from './ranges.ts';

export interface GestureTarget {
  /** Null while nothing is drawn. */
  readonly place: () => { readonly frame: Frame; readonly range: PlotRange } | null;
  /** Pixels of the device on the canvas. */
  readonly hover: (x: number, y: number) => void;
  readonly leave: () => void;
  /** A part that is being chosen, in pixels of the device; null when it is over. */
  readonly select: (part: readonly [number, number] | null) => void;
  /** Null shows everything. */
  readonly zoom: (range: PlotRange | null) => void;
  /** In pixels that are a sensible step; to the right. */
  readonly move: (steps: number) => void;
  /** x of the crosshair, or of the middle. */
  readonly at: () => number;
}

/** A shorter drag is a click that trembled. */
const leastDrag = 5;
const wheelSpeed = 0.0015;
const keyZoom = 0.6;
const keyLeap = 10;

interface Drag {
  readonly pans: boolean;
  readonly from: number;
  readonly range: PlotRange;
}

export function listenToGestures(stage: HTMLElement, target: GestureTarget): void {
  let drag: Drag | null = null;
  const deviceX = (event: MouseEvent) => event.offsetX * devicePixelRatio;
  stage.addEventListener('pointerdown', (event) => {
    const place = target.place();
    if (event.button !== 0 || place === null) return;
    stage.setPointerCapture(event.pointerId);
    drag = { pans: event.shiftKey, from: deviceX(event), range: place.range };
  });
  stage.addEventListener('pointermove', (event) => {
    const x = deviceX(event);
    if (drag === null) target.hover(x, event.offsetY * devicePixelRatio);
    else if (drag.pans) pan(target, drag, x);
    else target.select([drag.from, x]);
  });
  stage.addEventListener('pointerup', (event) => {
    const ended = drag;
    drag = null;
    target.select(null);
    const isDrag = ended !== null && Math.abs(deviceX(event) - ended.from) > leastDrag;
    if (isDrag && !ended.pans) chooseBetween(target, ended.from, deviceX(event));
  });
  stage.addEventListener('pointercancel', () => {
    drag = null;
    target.select(null);
  });
  stage.addEventListener('pointerleave', () => {
    if (drag === null) target.leave();
  });
  stage.addEventListener('dblclick', () => target.zoom(null));
  stage.addEventListener('wheel', (event) => turnWheel(target, event, deviceX(event)), {
    passive: false,
  });
  stage.addEventListener('keydown', (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.altKey) pressKey(target, event);
  });
}

function pan({ place, zoom }: GestureTarget, { from, range }: Drag, x: number): void {
  const now = place();
  if (now !== null) zoom(panned(range, (from - x) / now.frame.columns));
}

function chooseBetween({ place, zoom }: GestureTarget, from: number, to: number): void {
  const now = place();
  if (now === null) return;
  const { frame, range } = now;
  const [left, right] = [frame.left, frame.left + frame.columns];
  const inside = (pixel: number) => Math.min(Math.max(pixel, left), right);
  const ends = [from, to].map((pixel) => xOfPixel(frame, range, inside(pixel)));
  const [first, last] = [Math.min(...ends), Math.max(...ends)];
  if (first < last) zoom({ first, last });
}

/** Beside the plot the wheel scrolls the page. */
function turnWheel({ place, zoom }: GestureTarget, event: WheelEvent, x: number): void {
  const now = place();
  if (now === null || x < now.frame.left) return;
  event.preventDefault();
  const { frame, range } = now;
  const sideways = event.shiftKey ? event.deltaY : event.deltaX;
  if (Math.abs(sideways) > Math.abs(event.shiftKey ? 0 : event.deltaY)) {
    zoom(panned(range, sideways / (frame.columns / frame.ratio)));
    return;
  }
  zoom(zoomed(range, xOfPixel(frame, range, x), Math.exp(event.deltaY * wheelSpeed)));
}

function pressKey(target: GestureTarget, event: KeyboardEvent): void {
  const act = keyAction(target, event);
  if (act === null) return;
  event.preventDefault();
  act();
}

function keyAction(target: GestureTarget, { key, shiftKey }: KeyboardEvent): (() => void) | null {
  const leap = shiftKey ? keyLeap : 1;
  const zoomBy = (factor: number) => () => {
    const now = target.place();
    if (now !== null) target.zoom(zoomed(now.range, target.at(), factor));
  };
  switch (key) {
    case 'ArrowLeft':
      return () => target.move(-leap);
    case 'ArrowRight':
      return () => target.move(leap);
    case '+':
    case '=':
      return zoomBy(keyZoom);
    case '-':
      return zoomBy(1 / keyZoom);
    case '0':
    case 'Escape':
      return () => target.zoom(null);
    default:
      return null;
  }
}
