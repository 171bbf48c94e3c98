/** Documents of compute clusters: `type: amlcompute`. */
import * as z from 'zod';
import { naturalNumber } from '../../shared/model/schemaKit.ts';
import { identityCodec, networkCodec, secondsCodec, switchCodec, wordCodec } from './codecs.ts';
import type { ComputeKind } from './computeKind.ts';
import { common, identity, network, publicIp, size, word } from './parts.ts';

const ssh = z
  .strictObject({
    admin_username: z.string().min(1).describe('User of the machines.'),
    admin_password: z.string().optional().describe('Sent, and kept nowhere by this program.'),
    ssh_key_value: z.string().optional().describe('The public key of that user.'),
  })
  .optional()
  .describe('A user for SSH on every node.');

const schema = z.strictObject({
  ...common,
  type: word(['amlcompute']),
  size,
  tier: word(['dedicated', 'low_priority'])
    .default('dedicated')
    .describe(
      'Low priority costs less and has no guarantee: a job whose node is taken away starts again.',
    ),
  min_instances: naturalNumber()
    .default(0)
    .describe('Nodes that are always there; above 0 they bill without pause.'),
  max_instances: naturalNumber()
    .default(1)
    .describe('Most nodes that jobs may bring up; 0 holds the cluster at nothing.'),
  idle_time_before_scale_down: naturalNumber()
    .default(120)
    .describe('Seconds that a node waits for another job before it goes.'),
  ssh_public_access_enabled: z
    .boolean()
    .optional()
    .describe('Whether SSH is open on the public addresses of the nodes.'),
  ssh_settings: ssh,
  network_settings: network,
  identity,
  enable_node_public_ip: publicIp,
  os_type: word(['linux', 'windows'])
    .optional()
    .describe('System of the nodes. The Azure CLI does not know this key.'),
  image_id: z
    .string()
    .optional()
    .describe('Id of an image for the nodes. The Azure CLI does not know this key.'),
  isolated_network: z
    .boolean()
    .optional()
    .describe('Whether the nodes stand apart from networks. The Azure CLI does not know this key.'),
});

const inner = 'properties.properties';
const scale = `${inner}.scaleSettings`;
const account = `${inner}.userAccountCredentials`;

export const cluster: ComputeKind = {
  type: 'amlcompute',
  computeType: 'AmlCompute',
  schemaName: 'amlCompute',
  schema,
  secrets: ['ssh_settings.admin_password'],
  fields: [
    { key: 'description', at: 'properties.description' },
    { key: 'tags', at: 'tags' },
    { key: 'size', at: `${inner}.vmSize` },
    {
      key: 'tier',
      at: `${inner}.vmPriority`,
      codec: wordCodec({ dedicated: 'Dedicated', low_priority: 'LowPriority' }),
    },
    { key: 'min_instances', at: `${scale}.minNodeCount` },
    { key: 'max_instances', at: `${scale}.maxNodeCount` },
    {
      key: 'idle_time_before_scale_down',
      at: `${scale}.nodeIdleTimeBeforeScaleDown`,
      codec: secondsCodec,
    },
    {
      key: 'ssh_public_access_enabled',
      at: `${inner}.remoteLoginPortPublicAccess`,
      codec: switchCodec,
    },
    { key: 'ssh_settings.admin_username', at: `${account}.adminUserName` },
    { key: 'ssh_settings.admin_password', at: `${account}.adminUserPassword` },
    { key: 'ssh_settings.ssh_key_value', at: `${account}.adminUserSshPublicKey` },
    { key: 'network_settings', at: `${inner}.subnet`, codec: networkCodec },
    { key: 'identity', at: 'identity', codec: identityCodec },
    { key: 'enable_node_public_ip', at: `${inner}.enableNodePublicIp` },
    {
      key: 'os_type',
      at: `${inner}.osType`,
      codec: wordCodec({ linux: 'Linux', windows: 'Windows' }),
    },
    { key: 'image_id', at: `${inner}.virtualMachineImage.id` },
    { key: 'isolated_network', at: `${inner}.isolatedNetwork` },
  ],
};
