/** The fields of the form: native inputs, because a description has to lie in the same tree as what it describes. */
import type { InputRow } from '../../src/shared/protocol/core.ts';
import type { InputField } from '../../src/shared/protocol/runInputs.ts';
import { button } from '../kit/button.ts';
import { element } from '../kit/dom.ts';
import { readField, type ReadOptions } from './fields.ts';

export interface FormActions {
  /** The user changed a field. */
  readonly onChange: () => void;
  /** Asks for a file; null if the user chooses none. */
  readonly browse: () => Promise<string | null>;
}

export class Form {
  readonly node = element('form', { id: 'inputs' });
  readonly #actions: FormActions;
  #rows: readonly FieldRow[] = [];

  constructor(actions: FormActions) {
    this.#actions = actions;
    this.node.addEventListener('submit', (event) => event.preventDefault());
    this.node.addEventListener('input', () => actions.onChange());
  }

  build(fields: readonly InputField[], options: ReadOptions): void {
    this.#rows = fields.map((field, i) => fieldRow(field, `field-${i}`, options));
    this.node.replaceChildren(...this.#rows.map(({ node }) => node));
    for (const { field, node, control } of this.#rows) {
      if (field.kind === 'image') node.append(this.#browseButton(control, options));
    }
  }

  #browseButton(control: FieldRow['control'], { texts }: ReadOptions): HTMLElement {
    const choose = async () => {
      const file = await this.#actions.browse();
      if (file === null) return;
      control.value = file;
      this.#actions.onChange();
    };
    return button({
      id: 'browse',
      text: texts.browse,
      appearance: 'secondary',
      action: () => void choose(),
    });
  }

  fill(row: InputRow): void {
    for (const { field, control } of this.#rows) control.value = String(row[field.name] ?? '');
  }

  /** As typed, right or wrong, by field. */
  get texts(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#rows.map(({ field, control }) => [field.name, control.value]));
  }

  /** The row as typed, or null where a field has an error; says at each field what there is to say. */
  read(): InputRow | null {
    const readings = this.#rows.map((row) => ({ name: row.field.name, ...row.read() }));
    if (readings.some(({ notice }) => notice.severity === 'error')) return null;
    return Object.fromEntries(readings.map(({ name, value }) => [name, value]));
  }
}

interface FieldRow {
  readonly field: InputField;
  readonly node: HTMLElement;
  readonly control: HTMLInputElement | HTMLSelectElement;
  readonly read: () => ReturnType<typeof readField>;
}

function fieldRow(field: InputField, id: string, options: ReadOptions): FieldRow {
  const control = controlOf(field);
  control.id = id;
  control.name = field.name;
  control.setAttribute('aria-describedby', `${id}-notice`);
  const label = element('label', { text: field.name, attributes: { for: id } });
  const notice = element('p', { id: `${id}-notice`, className: 'notice' });
  const node = element('div', { className: 'field' }, label, control, notice);
  const read = () => {
    const reading = readField(field, control.value, options);
    const { severity, text } = reading.notice;
    notice.textContent = text;
    notice.className = `notice ${severity}`;
    control.setAttribute('aria-invalid', String(severity === 'error'));
    return reading;
  };
  return { field, node, control, read };
}

function controlOf(field: InputField): HTMLInputElement | HTMLSelectElement {
  if (field.kind === 'category') return select(field.categories, field.fill);
  return textInput(field.kind === 'number' ? 'decimal' : 'text');
}

function textInput(inputmode: 'decimal' | 'text'): HTMLInputElement {
  const attributes = {
    type: 'text',
    inputmode,
    autocomplete: 'off',
    spellcheck: 'false',
  };
  return element('input', { attributes });
}

/** The empty choice is there only where a missing value has a stand-in. */
function select(categories: readonly string[], fill: unknown): HTMLSelectElement {
  const choices = fill === null ? categories : ['', ...categories];
  return element(
    'select',
    {},
    ...choices.map((value) => element('option', { text: value, attributes: { value } })),
  );
}
