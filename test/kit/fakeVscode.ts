/**
 * Lists, boxes and messages of VS Code, played for tests: who answers them is the test. It stands in for the module `vscode`;
 * files are those of the disk.
 */
import fs from 'node:fs/promises';
import path from 'node:path';

type Listener = (value?: unknown) => void;

class Emitter {
  readonly #listeners: Listener[] = [];
  readonly event = (listener: Listener) => {
    this.#listeners.push(listener);
    return { dispose: () => undefined };
  };
  fire(value?: unknown): void {
    for (const listener of this.#listeners) listener(value);
  }
  dispose(): void {
    this.#listeners.length = 0;
  }
}

export interface FakeItem {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
}

/** A list or a line of text that is shown. */
export class FakeBox {
  items: readonly FakeItem[] = [];
  selectedItems: readonly FakeItem[] = [];
  activeItems: readonly FakeItem[] = [];
  busy = false;
  value = '';
  validationMessage: { readonly message: string; readonly severity: number } | undefined;
  isGone = false;
  readonly isList: boolean;
  readonly accepted = new Emitter();
  readonly hidden = new Emitter();
  readonly pressed = new Emitter();
  readonly changed = new Emitter();
  readonly onDidAccept = this.accepted.event;
  readonly onDidHide = this.hidden.event;
  readonly onDidTriggerButton = this.pressed.event;
  readonly onDidChangeValue = this.changed.event;

  constructor(isList: boolean) {
    this.isList = isList;
  }

  show(): void {
    boxes.push(this);
  }

  dispose(): void {
    this.isGone = true;
    this.hidden.fire();
  }
}

export const boxes: FakeBox[] = [];
/** Texts of messages. */
export const messages: string[] = [];
/** Contents of documents that were shown. */
export const documents: string[] = [];
/** Addresses that were opened in the browser. */
export const opened: string[] = [];
/** What terminals were given to type. */
export const terminals: string[] = [];
/** Lists that were shown by `showQuickPick`. */
export const picks: { readonly title: string; readonly items: readonly FakeItem[] }[] = [];

/** What the test answers: nothing, until it says otherwise. */
export const answers: {
  toMessage: (labels: readonly string[], text: string) => string | undefined;
  /** Gives the label of an item. */
  toPick: (title: string, labels: readonly string[]) => string | undefined;
  toInput: (title: string, prompt: string) => string | undefined;
  /** The file that is saved to. */
  toSave: () => string | undefined;
} = {
  toMessage: () => undefined,
  toPick: () => undefined,
  toInput: () => undefined,
  toSave: () => undefined,
};

export const EventEmitter = Emitter;
export const QuickInputButtons = { Back: { isBack: true } };
export const InputBoxValidationSeverity = { Info: 1, Warning: 2, Error: 3 };
export const ProgressLocation = { Notification: 15 };
export class ThemeIcon {
  readonly id: string;
  constructor(id: string) {
    this.id = id;
  }
}

interface FakeUri {
  readonly fsPath: string;
  toString(): string;
}

const uri = (text: string): FakeUri => ({ fsPath: text, toString: () => text });

export const Uri = {
  parse: uri,
  file: uri,
  joinPath: (base: FakeUri, ...parts: readonly string[]) => uri(path.join(base.fsPath, ...parts)),
};
/** How VS Code was asked for sessions. */
export const signIns: {
  readonly provider: string;
  readonly request: unknown;
  readonly options: object;
}[] = [];
/** Nobody is signed in, until the test says otherwise. */
export const accounts: {
  all: readonly { readonly id: string; readonly label: string }[];
  session: (request: unknown, options: object) => { readonly accessToken: string } | undefined;
} = { all: [], session: () => undefined };
export const authentication = {
  getAccounts: () => Promise.resolve(accounts.all),
  getSession(provider: string, request: unknown, options: object) {
    signIns.push({ provider, request, options });
    return Promise.resolve(accounts.session(request, options));
  },
};
export const env = {
  language: 'en',
  uriScheme: 'vscode',
  openExternal(address: FakeUri) {
    opened.push(address.toString());
    return Promise.resolve(true);
  },
};
export const l10n = {
  t: (text: string, ...values: readonly unknown[]) =>
    text.replace(/\{(\d+)\}/g, (_, index) => String(values[Number(index)])),
};
/** By their whole names. */
export const settings: Record<string, unknown> = {};

export const workspace: {
  workspaceFolders: readonly { readonly uri: FakeUri }[] | undefined;
  readonly [name: string]: unknown;
} = {
  workspaceFolders: undefined,
  getConfiguration: () => ({
    get: (key: string, fallback: unknown) => settings[key] ?? fallback,
  }),
  openTextDocument: (document: { readonly content: string }) => Promise.resolve(document),
  fs: {
    readFile: (file: FakeUri) => fs.readFile(file.fsPath),
    async writeFile(file: FakeUri, data: Uint8Array) {
      await fs.mkdir(path.dirname(file.fsPath), { recursive: true });
      await fs.writeFile(file.fsPath, data);
    },
  },
};

const token = { isCancellationRequested: false, onCancellationRequested: new Emitter().event };

export const window = {
  createQuickPick: () => new FakeBox(true),
  createInputBox: () => new FakeBox(false),
  createTerminal: () => ({
    show: () => undefined,
    sendText: (text: string) => void terminals.push(text),
  }),
  withProgress: (_: unknown, work: (progress: object, cancel: object) => unknown) =>
    Promise.resolve(work({ report: () => undefined }, token)),
  showWarningMessage: message,
  showInformationMessage: message,
  async showQuickPick(items: Promise<readonly FakeItem[]>, { title }: { readonly title: string }) {
    const shown = await items;
    picks.push({ title, items: shown });
    const label = answers.toPick(
      title,
      shown.map((item) => item.label),
    );
    return shown.find((item) => item.label === label);
  },
  showInputBox: ({ prompt = '', title }: { readonly title: string; readonly prompt?: string }) =>
    Promise.resolve(answers.toInput(title, prompt)),
  showSaveDialog() {
    const file = answers.toSave();
    return Promise.resolve(file === undefined ? undefined : uri(file));
  },
  async showTextDocument(document: { readonly content: string } | FakeUri) {
    const text =
      'content' in document ? document.content : await fs.readFile(document.fsPath, 'utf8');
    documents.push(text);
  },
};

function message(text: string, ...rest: readonly unknown[]) {
  messages.push(text);
  const labels = rest.filter((label) => typeof label === 'string');
  return Promise.resolve(answers.toMessage(labels, text));
}
