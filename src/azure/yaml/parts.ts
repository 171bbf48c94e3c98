/** Parts that the documents of several kinds have in common, as schemas. The descriptions travel into the JSON Schema. */
import * as z from 'zod';
import { identityTypes } from './codecs.ts';
import type { FileKey } from './computeKind.ts';
import type { Field } from './fields.ts';

/** `low_priority` is also written `LowPriority`, `lowpriority` and `LOW_PRIORITY`. */
export function word<const Words extends readonly [string, ...string[]]>(words: Words) {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[_ -]/g, '');
  const known = new Map(words.map((own) => [plain(own), own]));
  const expand = (value: unknown) =>
    typeof value === 'string' ? (known.get(plain(value)) ?? value) : value;
  return z.preprocess(expand, z.enum(words));
}

/** A name that the service takes; why it does not is said by `computeNameProblem`. */
export const computeNamePattern = /^[a-zA-Z](?![a-zA-Z0-9-]*-\d+$)[a-zA-Z0-9-]{2,23}$/;

/** What every document of a compute begins with. */
export const common = {
  $schema: z.string().optional().describe('For editors; it need not be there.'),
  name: z
    .string()
    .regex(computeNamePattern)
    .describe(
      'Name of the compute: 3 to 24 letters, digits and hyphens; a letter first, and no hyphen with digits at the end.',
    ),
  location: z
    .string()
    .optional()
    .describe('Region such as `eastus`; by default that of the workspace.'),
  description: z.string().optional().describe('What it is for.'),
  tags: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String))
    .optional()
    .describe('Labels of your own.'),
};

const userIdentity = z.preprocess(
  (value) => (typeof value === 'string' ? { resource_id: value } : value),
  z.strictObject({
    resource_id: z.string().describe('Id of the identity in Azure.'),
    client_id: z.string().optional().describe('Only read by other tools.'),
    principal_id: z.string().optional().describe('Only read by other tools.'),
    object_id: z.string().optional().describe('Only read by other tools.'),
  }),
);

export const identity = z
  .strictObject({
    type: word(identityTypes).describe('Who the compute is towards other services.'),
    user_assigned_identities: z
      .array(userIdentity)
      .optional()
      .describe('Identities that exist already, by their ids.'),
  })
  .optional()
  .describe('The identity by which the compute reaches data and other services.');

export const network = z
  .strictObject({
    vnet_name: z.string().optional().describe('Name of the virtual network.'),
    subnet: z
      .string()
      .describe(
        'Name of the subnet, or its whole id where the network is in another resource group.',
      ),
  })
  .optional()
  .describe('The virtual network in which the machines stand.');

export const size = z
  .string()
  .default('STANDARD_DS3_V2')
  .describe('Size of the machines, such as `Standard_DS3_v2`.');

export const publicIp = z
  .boolean()
  .optional()
  .describe('Whether the machines get public addresses; without them a virtual network is needed.');

/** Id in Azure of what is attached. */
export const resourceId = z
  .string()
  .regex(/^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/[^/]+(\/[^/]+\/[^/]+)+$/i)
  .describe('Id in Azure of what is attached: `/subscriptions/...`.');

/** How jobs come into a machine that is attached. */
export const sshSettings = z
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
  .describe('How jobs come in.');

const inner = 'properties.properties';
const account = `${inner}.administratorAccount`;

export const sshFields: readonly Field[] = [
  { key: 'ssh_settings.admin_username', at: `${account}.username` },
  { key: 'ssh_settings.admin_password', at: `${account}.password` },
  { key: 'ssh_settings.ssh_private_key', at: `${account}.privateKeyData` },
  { key: 'ssh_settings.ssh_port', at: `${inner}.sshPort` },
];

export const sshSecrets = ['ssh_settings.admin_password', 'ssh_settings.ssh_private_key'] as const;

export const sshFiles: readonly FileKey[] = [
  { file: 'ssh_settings.ssh_private_key_file', text: 'ssh_settings.ssh_private_key' },
];

/** What most documents have where the service has it. */
export const commonFields: readonly Field[] = [
  { key: 'description', at: 'properties.description' },
  { key: 'tags', at: 'tags' },
];

export const resourceField: Field = { key: 'resource_id', at: 'properties.resourceId' };
