/**
 * The language in which this process speaks to people. Each text stands in the code in English, which is the key of its
 * translation, so that a sentence with its values comes out whole: `` say`there is no column ${name}` ``.
 * The extension's own texts go through `vscode.l10n` instead, which works the same way.
 */
import { fillIn, marked } from './numberFormat.ts';

export type Language = 'en' | 'es';

type Dictionary = Readonly<Record<string, string>>;

let language: Language = 'en';
let dictionary: Dictionary = {};

/** The language spoken here; hand it to every process that answers to this one. */
export function currentLanguage(): Language {
  return language;
}

/** Once, at the start of a process. @param tag of a locale, `es-MX` or `es`; English stands in for others. */
export async function useLanguage(tag: string): Promise<void> {
  language = /^es(?![a-z])/i.test(tag) ? 'es' : 'en';
  dictionary = language === 'es' ? await spanish() : {};
}

/** Read only where it is spoken: the build leaves it a file of its own, beside the bundles. */
async function spanish(): Promise<Dictionary> {
  return (await import('./language.es.json', { with: { type: 'json' } })).default;
}

/**
 * A text for people, in their language. As a tag, values keep their place by number (`{0}`, `{1}`); called with
 * a plain string it takes none. Not for texts made while modules load: the language is not known then.
 */
export function say(
  text: TemplateStringsArray | string,
  ...values: readonly (string | number)[]
): string {
  const english = typeof text === 'string' ? text : templateOf(text);
  return fillIn(dictionary[english] ?? english, ...values);
}

/** A number within such a text, with the decimal mark of its language. @param digits significant ones, at most */
export function sayNumber(value: number, digits?: number): string {
  const rounded = digits === undefined ? value : Number(value.toPrecision(digits));
  return marked(String(rounded), language);
}

/** `{0}` of `{1}`: the key under which a dictionary holds a tagged template. */
function templateOf(strings: readonly string[]): string {
  return strings.reduce((text, next, index) => `${text}{${index - 1}}${next}`);
}
