/** Aliases (`*name`) that cannot be replaced by what they stand for. */
import { visit, type Document } from 'yaml';
import { say } from '../language.ts';
import type { RangedProblem } from './configDocument.ts';

export function findBadAliases(yaml: Document): RangedProblem[] {
  const found: RangedProblem[] = [];
  visit(yaml, {
    Alias(_, alias, ancestors) {
      const target = alias.resolve(yaml);
      const isLoop = target !== undefined && ancestors.includes(target);
      if (!alias.range || (target !== undefined && !isLoop)) return;
      const message = isLoop
        ? say`\`*${alias.source}\` stands for something that it is part of itself`
        : say`\`*${alias.source}\` refers to nothing: \`&${alias.source}\` has to come before it`;
      const range = [alias.range[0], alias.range[1]] as const;
      found.push({ range, problem: { code: 'config.syntax', message } });
    },
  });
  return found;
}
