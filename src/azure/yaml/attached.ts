/** Documents of computes that exist elsewhere and are attached: virtual machines, Kubernetes, Synapse Spark. */
import * as z from 'zod';
import { identityCodec } from './codecs.ts';
import type { ComputeKind } from './computeKind.ts';
import { common, identity, word } from './parts.ts';

const resourceId = z.string().describe('Id in Azure of what is attached: `/subscriptions/...`.');
const inner = 'properties.properties';
const account = `${inner}.administratorAccount`;

export const virtualMachine: ComputeKind = {
  type: 'virtualmachine',
  computeType: 'VirtualMachine',
  schemaName: 'vmCompute',
  schema: z.strictObject({
    ...common,
    type: word(['virtualmachine']),
    resource_id: resourceId,
    ssh_settings: z
      .strictObject({
        admin_username: z.string().min(1).optional().describe('User of the machine.'),
        admin_password: z.string().optional().describe('Sent, and kept nowhere by this program.'),
        ssh_port: z.int().min(1).max(65535).default(22).describe('Port of SSH.'),
        ssh_private_key_file: z
          .string()
          .optional()
          .describe('File with the private key, from the folder of this file on.'),
        ssh_private_key: z
          .string()
          .optional()
          .describe('The private key itself, in place of its file; better not written down.'),
      })
      .optional()
      .describe('How jobs come in.'),
  }),
  fields: [
    { key: 'description', at: 'properties.description' },
    { key: 'tags', at: 'tags' },
    { key: 'resource_id', at: 'properties.resourceId' },
    { key: 'ssh_settings.admin_username', at: `${account}.username` },
    { key: 'ssh_settings.admin_password', at: `${account}.password` },
    { key: 'ssh_settings.ssh_private_key', at: `${account}.privateKeyData` },
    { key: 'ssh_settings.ssh_port', at: `${inner}.sshPort` },
  ],
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
    { key: 'description', at: 'properties.description' },
    { key: 'tags', at: 'tags' },
    { key: 'resource_id', at: 'properties.resourceId' },
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
    { key: 'description', at: 'properties.description' },
    { key: 'tags', at: 'tags' },
    { key: 'resource_id', at: 'properties.resourceId' },
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
