/** The tree of a step as blocks as wide as their time; the mouse or the arrow keys read them, a click looks closer. */
import type { Profile } from '../../src/shared/protocol/profile.ts';
import { element } from '../kit/dom.ts';
import { flameTree, neighbour, placeNodes, type FlameNode, type Placed } from './flameTree.ts';
import { figuresText, type Words } from './words.ts';

/** Of a row, in CSS pixels. */
const rowHeight = 24;
/** A narrower block has no room for a letter. */
const leastLabelShare = 0.015;

export class Flame {
  readonly #blocks = element('div', { className: 'blocks', attributes: { role: 'tree' } });
  readonly #readout = element('p', { id: 'readout', attributes: { 'aria-live': 'polite' } });
  readonly #hint = element('p', { className: 'note' });
  readonly node = element('div', { id: 'flame' }, this.#hint, this.#readout, this.#blocks);
  #shown: { readonly profile: Profile; readonly words: Words } | null = null;
  /** From the whole step to the part that fills the width. */
  #path: FlameNode[] = [];
  #placed: Placed[] = [];
  #elements: HTMLElement[] = [];

  constructor() {
    this.#blocks.addEventListener('keydown', (event) => this.#key(event));
    this.#blocks.addEventListener('mouseleave', () => this.#read(this.#placed[0]));
  }

  show(profile: Profile, words: Words): void {
    this.#shown = { profile, words };
    const { texts } = words;
    const { step, allLayers } = texts;
    this.#hint.textContent = texts.flameHint;
    this.#blocks.setAttribute('aria-label', texts.flame);
    this.#path = [flameTree(profile, { step, allLayers, pass: (pass) => texts[pass] })];
    this.#draw();
  }

  #draw(): void {
    this.#placed = placeNodes(this.#path.at(-1)!);
    this.#elements = this.#placed.map((placed) => this.#block(placed));
    const rows = Math.max(...this.#placed.map(({ row }) => row)) + 1;
    this.#blocks.style.height = `${rows * rowHeight}px`;
    this.#blocks.replaceChildren(...this.#elements);
    this.#elements[0]!.tabIndex = 0;
    this.#read(this.#placed[0]);
  }

  #block(placed: Placed): HTMLElement {
    const { node, row, left, width } = placed;
    const text = width < leastLabelShare ? '' : node.label;
    const attributes = {
      role: 'treeitem',
      tabindex: '-1',
      'aria-level': String(row + 1),
      'aria-label': this.#textOf(placed),
      'data-pass': node.pass ?? '',
      'data-row': String(row),
    };
    const block = element('div', { className: 'block', text, attributes });
    block.style.left = `${left * 100}%`;
    block.style.width = `${width * 100}%`;
    block.style.top = `${row * rowHeight}px`;
    block.addEventListener('mouseenter', () => this.#read(placed));
    block.addEventListener('focus', () => this.#read(placed));
    block.addEventListener('click', () => this.#look(placed));
    return block;
  }

  #textOf({ node }: Placed): string {
    return this.#shown === null ? '' : figuresText(node.label, node, this.#shown);
  }

  #read(placed: Placed | undefined): void {
    if (placed !== undefined) this.#readout.textContent = this.#textOf(placed);
  }

  #key(event: KeyboardEvent): void {
    const from = this.#placed[this.#elements.indexOf(event.target as HTMLElement)];
    if (from === undefined) return;
    const next = neighbour(event.key, from, this.#placed);
    if (next !== null) this.#focus(next);
    else if (event.key === 'Enter' || event.key === ' ') this.#look(from);
    else if (event.key === 'Escape') this.#back();
    else return;
    event.preventDefault();
  }

  #focus(placed: Placed): void {
    for (const each of this.#elements) each.tabIndex = -1;
    const block = this.#elements[this.#placed.indexOf(placed)]!;
    block.tabIndex = 0;
    block.focus();
  }

  /** The part fills the width; what fills it already gives way to the one around it. */
  #look({ node }: Placed): void {
    if (node.children.length === 0) return;
    if (node === this.#path.at(-1)) {
      this.#back();
      return;
    }
    this.#path.push(node);
    this.#draw();
    this.#elements[0]!.focus();
  }

  #back(): void {
    if (this.#path.length === 1) return;
    this.#path.pop();
    this.#draw();
    this.#elements[0]!.focus();
  }
}
