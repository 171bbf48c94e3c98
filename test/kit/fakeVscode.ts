/** Lists and boxes of VS Code, played for tests of forms: who answers them is the test. It stands in for the module `vscode`. */

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
/** Texts of messages, and what the test answers to each. */
export const messages: string[] = [];
export const answers: { toMessage: (labels: readonly string[]) => string | undefined } = {
  toMessage: () => undefined,
};
/** Contents of documents that were shown. */
export const documents: string[] = [];

export const EventEmitter = Emitter;
export const QuickInputButtons = { Back: { isBack: true } };
export const InputBoxValidationSeverity = { Info: 1, Warning: 2, Error: 3 };
export class ThemeIcon {
  readonly id: string;
  constructor(id: string) {
    this.id = id;
  }
}
export const Uri = { parse: (text: string) => text };
export const env = { language: 'en', openExternal: () => Promise.resolve(true) };
export const l10n = {
  t: (text: string, ...values: readonly unknown[]) =>
    text.replace(/\{(\d+)\}/g, (_, index) => String(values[Number(index)])),
};
export const workspace = {
  workspaceFolders: undefined,
  openTextDocument: (document: { readonly content: string }) => Promise.resolve(document),
};
export const window = {
  createQuickPick: () => new FakeBox(true),
  createInputBox: () => new FakeBox(false),
  showWarningMessage(text: string, ...rest: readonly unknown[]) {
    messages.push(text);
    return Promise.resolve(answers.toMessage(rest.filter((label) => typeof label === 'string')));
  },
  showTextDocument(document: { readonly content: string }) {
    documents.push(document.content);
    return Promise.resolve();
  },
};
