/** One chart: asks the host for its drawing at the size it has, paints it, and follows mouse and keys. */
import { fromJsonNumber } from '../../src/shared/jsonNumbers.ts';
import { fillIn } from '../../src/shared/numberFormat.ts';
import type { PlotLook, PlotRange } from '../../src/shared/plot/look.ts';
import type { Client } from '../../src/shared/protocol/client.ts';
import type {
  ChartDrawing,
  LossPlotContract,
  LossPlotState,
} from '../../src/shared/protocol/views/lossPlot.ts';
import { element } from '../kit/dom.ts';
import { readChartColors } from '../kit/theme.ts';
import { paintChart } from './drawChart.ts';
import { frameOf, pixelOfX, xOfPixel, yOfPixel } from './frame.ts';
import type { Frame } from './frame.ts';
import { listenToGestures } from './gestures.ts';
import { latest } from './latest.ts';
import { countLines, cssColor, paletteOf } from './lineColors.ts';
import { Readout, xText } from './readout.ts';
import { chartTitle } from './words.ts';

/** What the charts of a page have in common. */
export interface ChartContext {
  /** Null until the host has said it. */
  readonly state: LossPlotState | null;
  readonly look: PlotLook;
  /** Directory of the run that stands out. */
  readonly raised: string | null;
}

export interface ChartOptions {
  readonly chart: string;
  readonly client: Client<LossPlotContract>;
  readonly context: () => ChartContext;
  /** The user wants to see this part; null for everything. */
  readonly zoom: (range: PlotRange | null) => void;
  /** Something new is on show. */
  readonly drawn: (drawing: ChartDrawing | null) => void;
}

/** Height as a share of the window's. */
const shares = { loss: 0.4, metric: 0.24 };
const leastHeight = 180;
const mostValues = 12;
/** A drawing that takes longer is followed by a rest of twice its time. */
const quickMs = 30;
const restShare = 2;

interface Shown {
  readonly drawing: ChartDrawing;
  readonly frame: Frame;
}

/** Where the crosshair is: x on the axis; the value under the mouse, or null where keys moved it. */
interface Cursor {
  readonly x: number;
  readonly y: number | null;
}

export class ChartView {
  readonly node: HTMLElement;
  readonly ask: () => void;
  readonly #options: ChartOptions;
  readonly #locale = document.documentElement.lang;
  readonly #title = element('h2');
  readonly #notice = element('p', { className: 'notice', attributes: { role: 'status' } });
  readonly #canvas = element('canvas');
  readonly #selection = element('div', { className: 'selection' });
  readonly #readout = new Readout();
  readonly #stage: HTMLElement;
  readonly #askValues: () => void;
  #shown: Shown | null = null;
  /** Milliseconds of the last drawing, from asking to painting. */
  #took = 0;
  #rest: number | null = null;
  #cursor: Cursor | null = null;

  constructor(options: ChartOptions) {
    this.#options = options;
    const { line, box } = this.#readout;
    const attributes = { tabindex: '0', role: 'group' };
    this.#stage = element('div', { className: 'stage', attributes });
    this.#stage.append(this.#canvas, this.#selection, line, box);
    this.#selection.hidden = true;
    this.#notice.hidden = true;
    const { chart } = options;
    this.node = element('section', { id: chart === 'loss' ? 'loss' : `metric-${chart}` });
    this.node.className = 'chart';
    this.node.append(this.#title, this.#stage, this.#notice);
    this.ask = latest(() => this.#draw());
    this.#askValues = latest(() => this.#readValues());
    this.#listen();
  }

  /** There are more points: the host, which does more than this, gets a rest in proportion to what a drawing takes. */
  askForNews(): void {
    if (this.#took < quickMs) this.ask();
    else this.#rest ??= window.setTimeout(() => this.#wake(), restShare * this.#took);
  }

  #wake(): void {
    this.#rest = null;
    this.ask();
  }

  /** With the colours, texts and state of now. */
  repaint(): void {
    const { state, look, raised } = this.#options.context();
    if (this.#shown === null || state === null) return;
    const { drawing, frame } = this.#shown;
    const colors = readChartColors();
    const title = chartTitle(this.#options.chart, state.texts);
    this.#title.textContent = title;
    this.#stage.setAttribute('aria-label', fillIn(state.texts.chartHelp, title));
    this.#canvas.style.width = `${frame.width / frame.ratio}px`;
    this.#canvas.style.height = `${frame.height / frame.ratio}px`;
    const place = state.runs.findIndex(({ directory }) => directory === raised);
    const wish = { colors, runs: state.runs.length, raised: place < 0 ? null : place };
    paintChart(this.#canvas, {
      drawing,
      frame,
      colors,
      palette: paletteOf(drawing.lines, wish),
      xLabel: look.axis === 'epoch' ? state.texts.epoch : state.texts.step,
      baselineLabel: state.texts.baseline,
      wholeSteps: look.axis === 'step',
      locale: this.#locale,
    });
    this.#say(state);
    this.#placeCrosshair();
  }

  async #draw(): Promise<void> {
    const { chart, client, context, drawn } = this.#options;
    const { look, raised } = context();
    const frame = this.#measure();
    const { columns, rows, ratio } = frame;
    const lineWidth = Math.max(1, Math.round(1.5 * ratio));
    const asked = performance.now();
    const wish = { chart, look, columns, rows, lineWidth, raised };
    const drawing = await client.request('plot/draw', wish);
    this.node.hidden = drawing === null;
    this.#shown = drawing === null ? null : { drawing, frame };
    this.repaint();
    this.#took = performance.now() - asked;
    if (drawing !== null) this.#publish(drawing);
    drawn(drawing);
    if (drawing?.isPartial === true) this.ask();
    if (this.#cursor !== null) this.#askValues();
  }

  #measure(): Frame {
    const share = this.#options.chart === 'loss' ? shares.loss : shares.metric;
    const height = Math.max(leastHeight, Math.round(window.innerHeight * share));
    const width = Math.max(240, this.node.parentElement?.clientWidth ?? 0);
    return frameOf(width, height, window.devicePixelRatio);
  }

  /** Where lines break, and files that cannot be read: in words, for what a curve cannot say. */
  #say(state: LossPlotState): void {
    const { broken, problems } = this.#shown!.drawing;
    const { axis } = this.#options.context().look;
    const { texts, runs } = state;
    const sentences = [...problems];
    if (broken !== null) {
      const unit = axis === 'epoch' ? texts.epoch : texts.step;
      const value = String(fromJsonNumber(broken.value));
      const name = runs[broken.run]?.name ?? '';
      const x = xText(broken.x, axis, this.#locale);
      sentences.unshift(fillIn(texts.becameNotFinite, name, value, unit.toLowerCase(), x));
    }
    this.#notice.textContent = sentences.join('\n');
    this.#notice.hidden = sentences.length === 0;
  }

  #listen(): void {
    listenToGestures(this.#stage, {
      place: () =>
        this.#shown === null ? null : { frame: this.#shown.frame, range: this.#shown.drawing },
      hover: (x, y) => this.#hover(x, y),
      leave: () => {
        this.#cursor = null;
        this.#readout.hide();
      },
      select: (part) => this.#select(part),
      zoom: this.#options.zoom,
      move: (steps) => this.#move(steps),
      at: () => this.#middle(),
    });
  }

  #hover(pixelX: number, pixelY: number): void {
    if (this.#shown === null) return;
    const { frame, drawing } = this.#shown;
    const x = pixelX - frame.left;
    const isInside = x >= 0 && x < frame.columns && pixelY < frame.top + frame.rows;
    if (!isInside) {
      this.#cursor = null;
      this.#readout.hide();
      return;
    }
    const y = yOfPixel(frame, drawing.scale, pixelY);
    this.#setCursor({ x: xOfPixel(frame, drawing, pixelX), y });
  }

  /** By a point of the axis, or a pixel where points lie closer. */
  #move(steps: number): void {
    if (this.#shown === null) return;
    const { frame, drawing } = this.#shown;
    const { first, last } = drawing;
    const pixel = (last - first) / (frame.columns / frame.ratio);
    const x = (this.#cursor?.x ?? this.#middle()) + steps * Math.max(1, pixel);
    this.#setCursor({ x: Math.min(Math.max(x, first), last), y: null });
  }

  #middle(): number {
    const { first, last } = this.#shown?.drawing ?? { first: 0, last: 0 };
    return this.#cursor?.x ?? (first + last) / 2;
  }

  #setCursor(cursor: Cursor): void {
    this.#cursor = cursor;
    this.#placeCrosshair();
    this.#askValues();
  }

  #placeCrosshair(): void {
    if (this.#cursor === null || this.#shown === null) return;
    const { frame, drawing } = this.#shown;
    const left = pixelOfX(frame, drawing, this.#cursor.x) / frame.ratio;
    this.#readout.place(left, frame.width / frame.ratio);
  }

  async #readValues(): Promise<void> {
    const { chart, client, context } = this.#options;
    const cursor = this.#cursor;
    if (cursor === null) return;
    this.node.dataset['reading'] = 'true';
    const { look } = context();
    const wish = { chart, look, ...cursor, most: mostValues };
    const asked = performance.now();
    const values = await client.request('plot/values', wish);
    const { state } = context();
    if (this.#cursor === null || state === null) return;
    const colors = readChartColors();
    this.#readout.say(values, {
      state,
      axis: look.axis,
      locale: this.#locale,
      colorOf: ({ run, kind }) =>
        cssColor({ run, kind, faint: false }, { colors, runs: state.runs.length, raised: null }),
    });
    this.node.dataset['said'] = (performance.now() - asked).toFixed(1);
    if (this.#cursor === cursor) delete this.node.dataset['reading'];
  }

  #select(part: readonly [number, number] | null): void {
    this.#selection.hidden = part === null || this.#shown === null;
    if (part === null || this.#shown === null) return;
    const { top, rows, ratio } = this.#shown.frame;
    const { style } = this.#selection;
    style.left = `${Math.min(...part) / ratio}px`;
    style.width = `${Math.abs(part[1] - part[0]) / ratio}px`;
    style.top = `${top / ratio}px`;
    style.height = `${rows / ratio}px`;
  }

  /** The numbers behind the canvas, for tests and tools that cannot read one. */
  #publish({ first, last, scale, lines, points, picture, isPartial }: ChartDrawing): void {
    Object.assign(this.node.dataset, {
      first: String(first),
      last: String(last),
      low: String(scale.low),
      high: String(scale.high),
      log: String(scale.log),
      lines: String(countLines(lines)),
      points: String(points),
      runs: String(picture.runs.length / 2),
      partial: String(isPartial),
      took: this.#took.toFixed(1),
      drawings: String(Number(this.node.dataset['drawings'] ?? 0) + 1),
    });
  }
}
