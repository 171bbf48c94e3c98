/** Places in a config: keys and indices from the root. */

/** `['model', 1, 'units']` */
export type ConfigPath = readonly (string | number)[];

/** As people write it: `model[1].units`. */
export function pathText(path: ConfigPath): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}

/** With every index left out: `model[].units`. */
export function pathPattern(path: ConfigPath): string {
  return pathText(path).replace(/\[\d+\]/g, '[]');
}

/** The value at a path of plain data; undefined where there is none. */
export function valueAt(root: unknown, path: ConfigPath): unknown {
  return path.reduce<unknown>((value, step) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step))
      return undefined;
    return (value as Record<string | number, unknown>)[step];
  }, root);
}
