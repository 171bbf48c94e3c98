/** Which rows and which weights. */
import { fillIn } from '../../src/shared/numberFormat.ts';
import type { EvaluateState, EvaluateWish } from '../../src/shared/protocol/views/evaluate.ts';
import { element } from '../kit/dom.ts';

type Choice = Omit<EvaluateWish, 'directory'>;

export interface ChoicesOptions {
  readonly choose: (choice: Choice) => void;
  readonly chooseFile: () => void;
}

const parts = ['test', 'validation', 'train'] as const;

export class Choices {
  readonly #options: ChoicesOptions;
  readonly #rows = element('select', { id: 'rows' });
  readonly #weights = element('select', { id: 'weights' });
  readonly #labels = [element('span'), element('span')] as const;
  readonly node = element(
    'p',
    { className: 'choices' },
    element('label', {}, this.#labels[0], this.#rows),
    element('label', {}, this.#labels[1], this.#weights),
  );
  #state: EvaluateState | null = null;

  constructor(options: ChoicesOptions) {
    this.#options = options;
    this.#rows.addEventListener('change', () => this.#changed());
    this.#weights.addEventListener('change', () => this.#changed());
  }

  draw(state: EvaluateState): void {
    this.#state = state;
    const { texts, wish, evaluation } = state;
    this.#labels[0].textContent = texts.rowsOf;
    this.#labels[1].textContent = texts.weights;
    const part = wish.part ?? (evaluation?.part === 'file' ? undefined : evaluation?.part);
    fill(this.#rows, wish.dataFile === undefined ? (part ?? '') : 'file', [
      ...parts.map((each) => [each, texts[`part.${each}`]] as const),
      ...(wish.dataFile === undefined
        ? []
        : [['file', fillIn(texts['part.file'], nameOf(wish.dataFile))] as const]),
      ['choose', texts.chooseFile],
    ]);
    const { weights = 'kept' } = wish;
    const epochs = evaluation?.weights.epochs ?? [];
    fill(this.#weights, typeof weights === 'string' ? weights : String(weights.epoch), [
      ['kept', texts.kept],
      ['last', texts.last],
      ...epochs.map((epoch) => [String(epoch), fillIn(texts.epoch, String(epoch))] as const),
    ]);
  }

  #changed(): void {
    const wish = this.#state?.wish;
    if (wish === undefined) return;
    const { value } = this.#weights;
    const weights = value === 'kept' || value === 'last' ? value : { epoch: Number(value) };
    const part = parts.find((each) => each === this.#rows.value);
    if (this.#rows.value === 'choose') {
      this.draw(this.#state!);
      this.#options.chooseFile();
      return;
    }
    const { dataFile } = wish;
    if (part !== undefined) this.#options.choose({ part, weights });
    else this.#options.choose({ weights, ...(dataFile !== undefined && { dataFile }) });
  }
}

function fill(
  select: HTMLSelectElement,
  value: string,
  options: readonly (readonly [value: string, text: string])[],
): void {
  const made = options.map(([each, text]) =>
    element('option', { text, attributes: { value: each } }),
  );
  select.replaceChildren(...made);
  select.value = value;
}

function nameOf(file: string): string {
  return file.split(/[\\/]/).at(-1) ?? file;
}
