/**
 * What YAML 1.2 (this program) and YAML 1.1 (PyYAML, hence most Python tools) read differently.
 * The same file may be read by both, so such words get a warning with a spelling that both read alike.
 */
import { Scalar, visit, type Document } from 'yaml';
import { say } from '../language.ts';
import type { RangedProblem } from './configDocument.ts';

export function findVersionTraps(yaml: Document): RangedProblem[] {
  const traps: RangedProblem[] = [];
  if (yaml.directives?.yaml.version === '1.1') return traps; // asked for by `%YAML 1.1`
  visit(yaml, {
    Scalar(_, node) {
      const { source, range } = node;
      if (node.type !== Scalar.PLAIN || source === undefined || !range) return;
      const trap = describeTrap(source);
      if (trap !== null) {
        const problem = { code: 'config.yamlVersion', severity: 'warning', ...trap } as const;
        traps.push({ range: [range[0], range[1]], problem });
      }
    },
  });
  return traps;
}

/** YAML 1.1 wants both the point and the sign of the exponent: `1.0e-6`. */
const anyExponent = /^([-+]?)(\d*)(?:\.(\d*))?[eE]([-+]?)(\d+)$/;
const exponent11 = /^[-+]?(?:\d+\.\d*|\.\d+)[eE][-+]\d+$/;
const boolean11 = /^(?:yes|no|on|off)$/i;

function describeTrap(source: string): { message: string; hint: string } | null {
  const parts = anyExponent.exec(source);
  if (parts !== null && !exponent11.test(source)) {
    const [, sign, whole, decimals, exponentSign, power] = parts;
    const portable = `${sign}${whole || '0'}.${decimals || '0'}e${exponentSign || '+'}${power}`;
    return {
      message: say`\`${source}\` is a number here, but text for readers of YAML 1.1 such as PyYAML`,
      hint: say`write \`${portable}\``,
    };
  }
  if (/^[-+]?0\d+$/.test(source) && /[1-9]/.test(source)) {
    return {
      message: say`\`${source}\` is decimal here, but octal for readers of YAML 1.1 such as PyYAML`,
      hint: say`write \`${Number(source)}\``,
    };
  }
  if (boolean11.test(source)) {
    return {
      message: say`\`${source}\` is text here, but true or false for readers of YAML 1.1 such as PyYAML`,
      hint: say`write \`"${source}"\` for the text, or \`true\` or \`false\``,
    };
  }
  return null;
}
