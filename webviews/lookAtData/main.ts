/** The page of *Look at Data*: what a file holds, and what a config makes of it. */
import { Client } from '../../src/shared/protocol/client.ts';
import type { DataReport } from '../../src/shared/protocol/dataReport.ts';
import type { LookContract, LookState } from '../../src/shared/protocol/views/lookAtData.ts';
import { button } from '../kit/button.ts';
import { element } from '../kit/dom.ts';
import { Tabs, type Tab } from '../kit/tabs.ts';
import { onThemeChange } from '../kit/theme.ts';
import { keepForReload, keptOf, openTransport } from '../kit/transport.ts';
import { everyColumn, parseWish, type ColumnWish } from './columnOrder.ts';
import { ColumnsTab } from './columnsTab.ts';
import { factsOf } from './head.ts';
import { ImagesTab } from './imagesTab.ts';
import { ModelTab } from './modelTab.ts';
import { networkPanel } from './networkTab.ts';
import { problemList } from './problems.ts';
import { Progress } from './progress.ts';
import { rowsPanel } from './rowsTab.ts';
import { splitPanel } from './splitTab.ts';
import type { ViewContext } from './viewContext.ts';
import '../kit/view.css';
import './lookAtData.css';

class Page {
  readonly #client = new Client<LookContract>(openTransport());
  readonly #title = element('h1');
  readonly #train = button({ id: 'train', action: () => this.#ask('data/train') });
  readonly #open = button({
    id: 'open',
    appearance: 'secondary',
    action: () => this.#openFile(this.#state?.file ?? '', null),
  });
  readonly #progress = new Progress({
    cancel: () => this.#ask('look/cancel'),
    again: () => this.#ask('look/again'),
  });
  readonly #summary = element('div');
  readonly #tabs = new Tabs((id) => this.#tabChosen(id));
  readonly #main = element(
    'main',
    { id: 'view' },
    element(
      'header',
      {},
      this.#title,
      element('div', { className: 'actions' }, this.#train, this.#open),
    ),
    this.#progress.node,
    this.#summary,
    this.#tabs.node,
  );
  #state: LookState | null = null;
  #columns: ColumnsTab | null = null;
  #model: ModelTab | null = null;
  #images: ImagesTab | null = null;
  #tab = '';
  #wish: ColumnWish = everyColumn;

  async start(): Promise<void> {
    document.body.append(this.#main);
    this.#client.on('view/reset', (state) => this.#show(state));
    this.#client.on('view/changed', ({ progress }) => {
      if (this.#state === null || progress === null) return;
      this.#progress.move(progress, this.#state.texts.looking);
    });
    onThemeChange(() => {
      this.#columns?.redraw();
      this.#model?.redraw();
    });
    const state = await this.#client.request('view/ready', {});
    if (state !== null) this.#show(state);
    await import('../kit/toolkit.ts');
  }

  #show(state: LookState): void {
    if (state.file !== this.#state?.file) this.#restore(state.file);
    const news = state.report !== this.#state?.report;
    this.#state = state;
    const { texts, kind } = state;
    this.#title.textContent = state.file.split(/[\\/]/).at(-1)!;
    this.#title.title = state.file;
    this.#train.textContent = kind === 'config' ? texts.train : texts.trainData;
    this.#train.hidden = !canTrain(state);
    this.#open.textContent = texts.openFile;
    this.#progress.show(state);
    this.#main.dataset['state'] = progressName(state);
    if (news) this.#draw();
    this.#keep();
  }

  /** Everything of the report; the place that the user has scrolled to stays. */
  #draw(): void {
    const { report, kind } = this.#state ?? {};
    const place = window.scrollY;
    if (report === null || report === undefined) {
      this.#summary.replaceChildren();
      this.#tabs.show([], '');
      return;
    }
    const context = this.#context();
    const facts = factsOf(report, kind === 'config', context);
    this.#summary.replaceChildren(facts, problemList(report, context));
    this.#tabs.show(this.#tabsOf(report, context), this.#tab);
    window.scrollTo({ top: place });
  }

  #tabsOf(report: DataReport, context: ViewContext): Tab[] {
    const { texts } = context;
    const { table, prepared, network } = report;
    const tabs: Tab[] = [];
    if (prepared !== null) {
      this.#model ??= new ModelTab(context);
      this.#model.show(report);
      tabs.push({ id: 'split', title: texts.split, panel: splitPanel(report, prepared, context) });
      tabs.push({ id: 'model', title: texts.model, panel: this.#model.panel });
      if (prepared.areImages) {
        this.#images ??= new ImagesTab(context, (wish) => this.#client.request('look/image', wish));
        this.#images.changed(this.#state!.file);
        tabs.push({ id: 'images', title: texts.images, panel: this.#images.panel });
      }
    }
    if (network !== null) {
      const panel = networkPanel(network, context);
      tabs.push({ id: 'network', title: texts.network, panel });
    }
    if (table !== null && table.columns.length > 0) {
      this.#columns ??= new ColumnsTab(context, (wish) => this.#wished(wish));
      this.#columns.show(report, this.#wish);
      tabs.push({ id: 'columns', title: texts.columns, panel: this.#columns.panel });
      tabs.push({ id: 'rows', title: texts.firstRows, panel: rowsPanel(report, context) });
    }
    return tabs;
  }

  #context(): ViewContext {
    return {
      texts: this.#state!.texts,
      locale: document.documentElement.lang,
      open: (file, line) => this.#openFile(file, line),
    };
  }

  #tabChosen(id: string): void {
    this.#tab = id;
    this.#main.dataset['tab'] = id;
    this.#columns?.update();
    this.#model?.update();
    if (id === 'images') this.#images?.update();
    this.#keep();
  }

  #wished(wish: ColumnWish): void {
    this.#wish = wish;
    this.#keep();
  }

  /** What comes back when the tab was hidden or the window reloaded. */
  #keep(): void {
    if (this.#state === null) return;
    keepForReload({ file: this.#state.file, tab: this.#tab, columns: this.#wish });
  }

  #restore(file: string): void {
    const kept = keptOf(file, 'file');
    const tab = kept?.['tab'];
    this.#tab = typeof tab === 'string' ? tab : '';
    this.#wish = parseWish(kept?.['columns']);
  }

  #openFile(file: string, line: number | null): void {
    void this.#client.request('file/open', { file, line }).catch(shownByHost);
  }

  #ask(request: 'data/train' | 'look/again' | 'look/cancel'): void {
    void this.#client.request(request, {}).catch(shownByHost);
  }
}

/** The host shows errors, where all errors are shown. */
function shownByHost(): void {
  // nothing is left to do here
}

/** Nothing is offered that could only fail; while nobody knows, it is. */
function canTrain({ kind, report, failure }: LookState): boolean {
  if (report === null) return failure === null;
  if (kind === 'config') return report.prepared !== null;
  return report.likelyTarget !== null;
}

function progressName({ progress, failure, report }: LookState): string {
  if (progress !== null) return 'looking';
  if (failure !== null) return 'failed';
  return report === null ? 'empty' : 'shown';
}

void new Page().start();
