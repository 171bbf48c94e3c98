/** The JSON Schema of YAML files of Azure computes, for editors that complete by schemas. */
import { computeKinds } from '../azure/yaml/kinds.ts';
import { say } from '../shared/language.ts';
import { schemaNode } from './jsonSchema.ts';

/** Its descriptions are in the language of the process. */
export function computeJsonSchema(): object {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: say('Azure compute'),
    anyOf: computeKinds.map(({ computeType, schema }) => ({
      ...schemaNode(schema),
      $schema: undefined, // JSON leaves it out: it belongs at the top alone
      title: computeType,
    })),
  };
}
