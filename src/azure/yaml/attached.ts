/** Documents of computes that exist elsewhere and are attached: virtual machines, Kubernetes, Synapse Spark. */
import * as z from 'zod';
import { identityCodec } from './codecs.ts';
import type { ComputeKind } from './computeKind.ts';
import {
  common,
  commonFields,
  identity,
  resourceField,
  resourceId,
  sshFields,
  sshFiles,
  sshSecrets,
  sshSettings,
  word,
} from './parts.ts';

const inner = 'properties.properties';

export const virtualMachine: ComputeKind = {
  type: 'virtualmachine',
  computeType: 'VirtualMachine',
  schemaName: 'vmCompute',
  schema: z.strictObject({
    ...common,
    type: word(['virtualmachine']),
    resource_id: resourceId,
    ssh_settings: sshSettings,
  }),
  secrets: sshSecrets,
  files: sshFiles,
  fields: [...commonFields, resourceField, ...sshFields],
};

export const kubernetes: ComputeKind = {
  type: 'kubernetes',
  computeType: 'Kubernetes',
  schemaName: 'kubernetesCompute',
  schema: z.strictObject({
    ...common,
    type: word(['kubernetes']),
    resource_id: resourceId,
    namespace: z.string().default('default').describe('Namespace of the jobs.'),
    properties: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('Instance types and the like, as the service knows them.'),
    identity,
  }),
  fields: [
    ...commonFields,
    resourceField,
    {
      key: 'properties',
      at: inner,
      codec: { toService: copied, toDocument: withoutNamespace },
    },
    { key: 'namespace', at: `${inner}.namespace` },
    { key: 'identity', at: 'identity', codec: identityCodec },
  ],
};

export const synapseSpark: ComputeKind = {
  type: 'synapsespark',
  computeType: 'SynapseSpark',
  schemaName: 'synapsesparkCompute',
  schema: z.strictObject({
    ...common,
    type: word(['synapsespark']),
    resource_id: resourceId,
    identity,
    scale_settings: z.unknown().optional().describe('Only read: the pool decides.'),
    auto_pause_settings: z.unknown().optional().describe('Only read: the pool decides.'),
  }),
  fields: [
    ...commonFields,
    resourceField,
    { key: 'identity', at: 'identity', codec: identityCodec },
  ],
};

function copied(value: unknown): object {
  return { ...(value as object) };
}

function withoutNamespace(value: unknown): object | undefined {
  const rest = Object.entries(value as object).filter(([key]) => key !== 'namespace');
  return rest.length === 0 ? undefined : Object.fromEntries(rest);
}
