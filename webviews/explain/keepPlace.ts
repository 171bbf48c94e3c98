/** Draws anew and keeps what the reader had: the keyboard focus and what was unfolded. Both are found by `data-key`. */
export function drawKept(node: HTMLElement, parts: readonly HTMLElement[]): void {
  const active = document.activeElement;
  const focused = node.contains(active) ? active?.getAttribute('data-key') : null;
  const opened = [...node.querySelectorAll('details[open]')].map((each) => keyOf(each));
  node.replaceChildren(...parts);
  for (const details of node.querySelectorAll('details')) {
    details.open = opened.includes(keyOf(details));
  }
  if (focused == null) return;
  const again = [...node.querySelectorAll<HTMLElement>('[data-key]')];
  again.find((each) => keyOf(each) === focused)?.focus({ preventScroll: true });
}

function keyOf(node: Element): string | null {
  return node.getAttribute('data-key');
}
