/** The loss plot's page: keeps how the user looks at the plot, asks the host for what that shows, follows its events. */
import { hiddenKinds, parseLook, rateChart } from '../../src/shared/plot/look.ts';
import type { LineKind, PlotAxis, PlotLook, PlotRange } from '../../src/shared/plot/look.ts';
import { Client } from '../../src/shared/protocol/client.ts';
import type {
  ChartDrawing,
  LossPlotContract,
  LossPlotState,
} from '../../src/shared/protocol/views/lossPlot.ts';
import { element, oncePerFrame, onRatioChange } from '../kit/dom.ts';
import { onThemeChange } from '../kit/theme.ts';
import { keepForReload, keptState, openTransport } from '../kit/transport.ts';
import { ChartView } from './chartView.ts';
import { Controls, showsRate } from './controls.ts';
import { Legend } from './legend.ts';
import { onAxis, orWhole } from './ranges.ts';
import { Summary } from './summary.ts';
import { Table } from './table.ts';
import '../kit/view.css';
import './lossPlot.css';

/** Marks, for measurements, when the page first showed points. */
const firstPointsMark = 'trainbench/points';
const keepEveryMs = 200;

class Page {
  readonly #client = new Client<LossPlotContract>(openTransport());
  readonly #main = element('main', { id: 'view' });
  readonly #charts = new Map<string, ChartView>();
  readonly #chartList = element('div', { id: 'charts' });
  readonly #summary = new Summary((action) => this.#ask(`run/${action}`));
  readonly #controls = new Controls({
    axis: (axis) => this.#setAxis(axis),
    log: (log) => this.#change({ log }),
    rate: (rate) => this.#setRate(rate),
    smoothing: (smoothing) => this.#change({ smoothing }),
    fit: () => this.#change({ zoom: null }),
    table: () => this.#toggleTable(),
    addRun: () => this.#ask('plot/addRun'),
  });
  readonly #legend = new Legend({
    toggleKind: (kind) => this.#toggleKind(kind),
    toggleRun: (directory) => this.#toggleRun(directory),
    raise: (directory) => this.#raise(directory),
    remove: (directory) =>
      void this.#client.request('plot/removeRun', { directory }).catch(() => undefined),
  });
  readonly #table = new Table(this.#client);
  readonly #drawSoon = oncePerFrame(() => this.#draw());
  readonly #drawLookSoon = oncePerFrame(() => this.#drawLook());
  #look: PlotLook = parseLook(lookOf(keptState()));
  #state: LossPlotState | null = null;
  #raised: string | null = null;
  #keeping = 0;
  #keptAt = Number.NEGATIVE_INFINITY;
  /** All that the axis has, as of the last drawing that showed it. */
  #whole: PlotRange | null = null;

  async start(): Promise<void> {
    this.#main.append(
      ...this.#summary.nodes,
      this.#controls.node,
      this.#legend.node,
      this.#chartList,
      this.#table.node,
    );
    document.body.append(this.#main);
    this.#client.on('view/reset', (state) => this.#reset(state));
    this.#client.on('plot/changed', (status) => {
      if (this.#state === null) return;
      this.#state = { ...this.#state, status };
      this.#drawSoon();
      for (const chart of this.#charts.values()) chart.askForNews();
    });
    const ready = this.#client.request('view/ready', {});
    // At the same time, so that the first points are not a round trip later.
    this.#chart('loss').ask();
    this.#reset(await ready);
    onThemeChange(() => {
      this.#legend.themeChanged();
      this.#drawLookSoon();
      for (const chart of this.#charts.values()) chart.repaint();
    });
    new ResizeObserver(() => this.#askAll()).observe(this.#main);
    onRatioChange(() => this.#askAll());
    await import('../kit/toolkit.ts');
  }

  #reset(state: LossPlotState): void {
    const isOther = this.#state !== null && firstOf(this.#state) !== firstOf(state);
    const isKept = keptDirectory(keptState()) === firstOf(state);
    // A part of one run is no part of another.
    if (isOther || (this.#state === null && !isKept)) this.#look = { ...this.#look, zoom: null };
    this.#state = state;
    this.#makeCharts(state);
    this.#keep();
    this.#draw();
    this.#askAll();
  }

  #makeCharts(state: LossPlotState): void {
    const rate = showsRate(state, this.#look);
    const shown = state.charts.filter((name) => name !== rateChart || rate);
    for (const name of shown) this.#chart(name);
    for (const [name, chart] of this.#charts) {
      if (name === 'loss' || shown.includes(name)) continue;
      chart.node.remove();
      this.#charts.delete(name);
    }
  }

  #chart(name: string): ChartView {
    const known = this.#charts.get(name);
    if (known !== undefined) return known;
    const made = new ChartView({
      chart: name,
      client: this.#client,
      context: () => ({ state: this.#state, look: this.#look, raised: this.#raised }),
      zoom: (range) => this.#zoom(range),
      drawn: (drawing) => this.#drawn(name, drawing),
    });
    this.#charts.set(name, made);
    this.#chartList.append(made.node);
    return made;
  }

  #draw(): void {
    if (this.#state === null) return;
    this.#summary.draw(this.#state);
    this.#controls.node.hidden = this.#state.runs.length === 0;
    this.#table.draw(this.#state);
    this.#drawLook();
  }

  #drawLook(): void {
    if (this.#state === null) return;
    this.#controls.draw(this.#state, this.#look, this.#table.isOpen);
    this.#legend.draw(this.#state, this.#look);
  }

  #askAll(): void {
    for (const chart of this.#charts.values()) chart.ask();
  }

  #ask(request: keyof LossPlotContract['requests'] & (`run/${string}` | 'plot/addRun')): void {
    // A refusal is shown by the host, where all errors are shown.
    void this.#client.request(request, {}).catch(() => undefined);
  }

  #change(part: Partial<PlotLook>): void {
    this.#look = { ...this.#look, ...part };
    this.#drawLookSoon();
    this.#askAll();
    this.#keepSoon();
  }

  #zoom(range: PlotRange | null): void {
    this.#change({ zoom: range === null ? null : orWhole(range, this.#whole) });
  }

  #setAxis(axis: PlotAxis): void {
    if (axis === this.#look.axis) return;
    const steps = Math.max(1, this.#state?.status.stepsPerEpoch ?? 1);
    const factor = axis === 'step' ? steps : 1 / steps;
    const { zoom } = this.#look;
    this.#whole = this.#whole === null ? null : onAxis(this.#whole, factor);
    this.#change({ axis, zoom: zoom === null ? null : onAxis(zoom, factor) });
  }

  #setRate(rate: boolean): void {
    this.#look = { ...this.#look, rate };
    if (this.#state !== null) this.#makeCharts(this.#state);
    this.#change({});
  }

  #toggleKind(kind: LineKind): void {
    const hidden = hiddenKinds(this.#look, this.#state?.runs.length ?? 1);
    this.#change({ hiddenKinds: toggled(hidden, kind) });
  }

  #toggleRun(directory: string): void {
    this.#change({ hiddenRuns: toggled(this.#look.hiddenRuns, directory) });
  }

  #raise(directory: string | null): void {
    if (this.#raised === directory) return;
    this.#raised = directory;
    this.#askAll();
  }

  #toggleTable(): void {
    this.#table.toggle();
    this.#drawSoon();
  }

  #drawn(name: string, drawing: ChartDrawing | null): void {
    if (name !== 'loss') return;
    if (this.#state !== null) this.#publish(this.#state, drawing);
    if (drawing === null) return;
    const { first, last, points } = drawing;
    if (this.#look.zoom === null) this.#whole = { first, last };
    const isMarked = performance.getEntriesByName(firstPointsMark).length > 0;
    if (points > 0 && !isMarked) performance.mark(firstPointsMark);
  }

  /** At once, for a tab may be left at once; but with many runs it is much to say at every turn of the wheel. */
  #keepSoon(): void {
    clearTimeout(this.#keeping);
    const wait = this.#keptAt + keepEveryMs - performance.now();
    if (wait <= 0) this.#keep();
    else this.#keeping = window.setTimeout(() => this.#keep(), wait);
  }

  #keep(): void {
    clearTimeout(this.#keeping);
    this.#keptAt = performance.now();
    const directories = this.#state?.runs.map(({ directory }) => directory) ?? [];
    const [directory = null, ...others] = directories;
    keepForReload({ directory, others, look: this.#look });
  }

  /** The numbers behind the canvas, for tests and tools that cannot read one. */
  #publish({ status, runs }: LossPlotState, drawing: ChartDrawing | null): void {
    Object.assign(this.#main.dataset, {
      state: status.state,
      runs: String(runs.length),
      ...(drawing === null ? {} : { points: String(status.step) }),
      lastLoss: String(status.loss ?? ''),
      epochs: String(status.epoch?.epoch ?? 0),
      lastValidationLoss: String(status.epoch?.values['val_loss'] ?? ''),
    });
  }
}

function firstOf({ runs }: LossPlotState): string | null {
  return runs[0]?.directory ?? null;
}

function lookOf(kept: unknown): unknown {
  return typeof kept === 'object' && kept !== null && 'look' in kept ? kept.look : null;
}

function keptDirectory(kept: unknown): unknown {
  const has = typeof kept === 'object' && kept !== null && 'directory' in kept;
  return has ? kept.directory : null;
}

function toggled<T>(list: readonly T[], item: T): readonly T[] {
  return list.includes(item) ? list.filter((other) => other !== item) : [...list, item];
}

void new Page().start();
