/** Labels with their values, one below the other. */
import { element } from './dom.ts';
import './facts.css';

export type Fact = readonly [label: string, value: Node | string];

export function factList(facts: readonly Fact[]): HTMLElement {
  const made = element('dl', { className: 'facts-list' });
  for (const [label, value] of facts) {
    const description = element('dd');
    description.append(value);
    made.append(element('dt', { text: label }), description);
  }
  return made;
}

/** A sentence with a sign before it; the sign alone is coloured, so that the text can be read in every theme. */
export function remark(kind: 'good' | 'warning', text: string): HTMLElement {
  const sign = element('span', { className: 'sign', attributes: { 'aria-hidden': 'true' } });
  sign.textContent = kind === 'good' ? '✓' : '⚠';
  const made = element('p', { className: `remark ${kind}` }, sign);
  made.append(` ${text}`);
  return made;
}
