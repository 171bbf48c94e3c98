/** *Look at Data* in an editor tab. At most one; it shows the file that was asked for last, and follows it. */
import path from 'node:path';
import { commands, l10n, Position, Range, Uri, window } from 'vscode';
import { isConfigFile } from '../../shared/model/data.ts';
import type { Client } from '../../shared/protocol/client.ts';
import type { CoreContract } from '../../shared/protocol/core.ts';
import type { Handlers } from '../../shared/protocol/server.ts';
import type { LookContract, LookState } from '../../shared/protocol/views/lookAtData.ts';
import type { Disposes } from '../lifetime.ts';
import { DataLook } from './dataLook.ts';
import { lookTexts } from './lookTexts.ts';
import { SinglePanel } from './singlePanel.ts';
import type { ViewServices } from './singlePanel.ts';
import { watchFiles } from './watchFiles.ts';

export interface DataPanelOptions extends ViewServices {
  readonly client: () => Promise<Client<CoreContract>>;
}

/** What the page keeps for a reload; it may keep more, which is its own. */
interface KeptFile {
  readonly file: string;
}

export class DataPanel {
  readonly #panel: SinglePanel<LookContract, KeptFile>;
  readonly #look: DataLook;
  readonly #client: DataPanelOptions['client'];
  #watched: { readonly files: readonly string[]; readonly watch: Disposes } | null = null;
  /** The file changed while nobody saw the tab. */
  #stale = false;

  constructor(options: DataPanelOptions) {
    this.#client = options.client;
    this.#look = new DataLook({
      client: options.client,
      cancelledText: () => l10n.t('You cancelled the look at this file.'),
      changed: () => this.#changed(),
      progressed: (progress) => this.#panel.change({ progress }),
    });
    this.#panel = new SinglePanel({
      ...options,
      view: 'lookAtData',
      parse: parseKeptFile,
      load: ({ file }) => this.#load(file),
      title: ({ file }) => l10n.t('Data: {0}', path.basename(file)),
      handlers: this.#handlers(),
      closed: () => this.#closed(),
    });
  }

  /** A table or a config. Opens at once: a large file takes its time, which the view shows. */
  show(file: string): Promise<void> {
    return this.#panel.show({ file });
  }

  dispose(): void {
    this.#closed();
    this.#panel.dispose();
  }

  #load(file: string): Promise<LookState> {
    this.#look.start(file);
    const state = this.#stateOf(file);
    this.#follow(state);
    return Promise.resolve(state);
  }

  #closed(): void {
    this.#look.forget();
    this.#watched?.watch.dispose();
    this.#watched = null;
  }

  #handlers(): Handlers<LookContract> {
    return {
      'view/ready': () => {
        if (this.#stale) this.#again();
        return this.#panel.state;
      },
      'look/again': () => {
        this.#again();
        return {};
      },
      'look/cancel': () => {
        this.#look.cancel();
        return {};
      },
      'look/image': async (wish) => {
        const client = await this.#client();
        return client.request('data/preview', { ...wish, file: this.#panel.state?.file ?? '' });
      },
      'file/open': async ({ file, line }) => {
        await openAt(file, line);
        return {};
      },
      'data/train': async () => {
        await this.#train();
        return {};
      },
    };
  }

  #again(): void {
    this.#stale = false;
    const { state } = this.#panel;
    if (state !== null) this.#look.start(state.file);
  }

  #changed(): void {
    const { file } = this.#look;
    // A file that has just been asked for is shown by `load`.
    if (file === null || file !== this.#panel.state?.file) return;
    const state = this.#stateOf(file);
    this.#follow(state);
    this.#panel.replace(state);
  }

  /** The config and the file that its rows are in. */
  #follow({ file, report }: LookState): void {
    const data = report?.table?.file ?? file;
    const files = [...new Set([file, data])];
    if (this.#watched?.files.join('\n') === files.join('\n')) return;
    this.#watched?.watch.dispose();
    const watch = watchFiles(files, () => {
      if (this.#panel.isVisible) this.#again();
      else this.#stale = true;
    });
    this.#watched = { files, watch };
  }

  #stateOf(file: string): LookState {
    const kind = isConfigFile(file) ? 'config' : 'table';
    return { file, kind, ...this.#look.result, texts: lookTexts() };
  }

  async #train(): Promise<void> {
    const { state } = this.#panel;
    if (state === null) return;
    const command = state.kind === 'config' ? 'trainbench.run.start' : 'trainbench.data.train';
    await commands.executeCommand(command, Uri.file(state.file));
  }
}

async function openAt(file: string, line: number | null): Promise<void> {
  const place = new Position(Math.max(0, (line ?? 1) - 1), 0);
  const options = line === null ? {} : { selection: new Range(place, place) };
  await window.showTextDocument(Uri.file(file), { preview: false, ...options });
}

/** Null for what is no such thing: another version of ours may have kept it. */
function parseKeptFile(kept: unknown): KeptFile | null {
  if (typeof kept !== 'object' || kept === null || !('file' in kept)) return null;
  return typeof kept.file === 'string' && kept.file !== '' ? { file: kept.file } : null;
}
