/** Small helpers over the DOM. */

export interface ElementOptions {
  readonly id?: string;
  readonly className?: string;
  readonly text?: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  options?: ElementOptions,
  ...children: readonly Node[]
): HTMLElementTagNameMap[K];
export function element(
  tag: string,
  options?: ElementOptions,
  ...children: readonly Node[]
): HTMLElement;
export function element(
  tag: string,
  { id, className, text, attributes = {} }: ElementOptions = {},
  ...children: readonly Node[]
): HTMLElement {
  const made = document.createElement(tag);
  if (id !== undefined) made.id = id;
  if (className !== undefined) made.className = className;
  if (text !== undefined) made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** A text that stays as it is costs no layout. */
export function setText(node: HTMLElement, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

/** Calls back when a pixel of CSS becomes another number of the screen's: another screen, or a zoom. */
export function onRatioChange(listener: () => void): void {
  const now = window.matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
  const changed = () => {
    onRatioChange(listener);
    listener();
  };
  now.addEventListener('change', changed, { once: true });
}

/** Runs `draw` at most once a frame, however often it is asked for. */
export function oncePerFrame(draw: () => void): () => void {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      draw();
    });
  };
}
