/** What a kind of compute is made of, as YAML documents describe it. */
import type * as z from 'zod';
import type { Field } from './fields.ts';

export interface ComputeKind {
  /** As documents say it: `amlcompute`. */
  readonly type: string;
  /** As the service says it: `AmlCompute`. */
  readonly computeType: string;
  /** Name of its schema in the CLI's `$schema`: `amlCompute`. */
  readonly schemaName: string;
  /** Of the document. Strict: what nobody would send is an error. */
  readonly schema: z.ZodObject;
  /** What is sent, and where. `name`, `type` and `location` are everybody's. */
  readonly fields: readonly Field[];
}
