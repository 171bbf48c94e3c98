/** What a kind of compute is made of, as YAML documents describe it. */
import type * as z from 'zod';
import type { Field } from './fields.ts';

export interface ComputeKind {
  /** As documents say it: `amlcompute`. */
  readonly type: string;
  /** As the service says it: `AmlCompute`. */
  readonly computeType: string;
  /** Name of its schema in the CLI's `$schema`: `amlCompute`. Null for a kind whose documents are ours alone. */
  readonly schemaName: string | null;
  /** Of the document. Strict: what nobody would send is an error. */
  readonly schema: z.ZodObject;
  /** What is sent, and where. `name`, `type` and `location` are everybody's. */
  readonly fields: readonly Field[];
  /** Keys whose values are sent and otherwise kept nowhere, not in a file either. */
  readonly secrets?: readonly string[];
  /** Keys that name a file, and those that its text goes to before it is sent. */
  readonly files?: readonly FileKey[];
  /** False: sent without a region, as the only tool that ever sent it did. */
  readonly hasLocation?: false;
}

export interface FileKey {
  readonly file: string;
  readonly text: string;
}
