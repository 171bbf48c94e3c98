/** Documents of compute instances: `type: computeinstance`. */
import * as z from 'zod';
import { say } from '../../shared/language.ts';
import { positiveInteger } from '../../shared/model/schemaKit.ts';
import { customApplications, customApplicationsCodec } from './customApplications.ts';
import { durationSeconds, identityCodec, networkCodec, switchCodec, wordCodec } from './codecs.ts';
import type { Codec, Field } from './fields.ts';
import { schedules, schedulesCodec } from './instanceSchedules.ts';
import type { ComputeKind } from './computeKind.ts';
import { common, identity, network, publicIp, size, word } from './parts.ts';

/** The first version with idle shutdown and single sign-on among those whose schemas we have. */
export const idleShutdownVersion = '2025-12-01';

const script = z
  .strictObject({
    path: z.string().optional().describe('A script in the file share of the workspace.'),
    command: z.string().optional().describe('The script itself.'),
    timeout_minutes: positiveInteger().optional().describe('After so long it counts as failed.'),
  })
  .optional();

const schema = z.strictObject({
  ...common,
  type: word(['computeinstance']),
  size,
  create_on_behalf_of: z
    .strictObject({
      user_tenant_id: z.string().describe('Id of the directory of that person.'),
      user_object_id: z.string().describe('Id of that person in the directory.'),
    })
    .optional()
    .describe('Whose instance it is, where it is not yours: nobody else can use it.'),
  ssh_public_access_enabled: z
    .boolean()
    .optional()
    .describe('Whether SSH is open; off by default.'),
  ssh_settings: z
    .strictObject({ ssh_key_value: z.string().describe('Your public key.') })
    .optional()
    .describe('Who may come in by SSH.'),
  network_settings: network,
  schedules,
  identity,
  idle_time_before_shutdown: z
    .string()
    .refine((text) => isIdleTime(durationSeconds(text)), {
      error: () => say('a time from `PT15M` to `P3D`'),
    })
    .optional()
    .describe('Stops after so long without work: `PT30M`, from 15 minutes to 3 days.'),
  idle_time_before_shutdown_minutes: z
    .int()
    .min(15)
    .max(4320)
    .optional()
    .describe('Stops after so many minutes without work, from 15 to 4320.'),
  setup_scripts: z
    .strictObject({
      creation_script: script.describe('Runs once, when the instance is made.'),
      startup_script: script.describe('Runs at every start.'),
    })
    .optional()
    .describe('What sets the instance up.'),
  custom_applications: customApplications,
  application_sharing_policy: word(['personal', 'shared'])
    .optional()
    .describe(
      'Whether others of the workspace may use the applications on it. The Azure CLI does not know this key.',
    ),
  enable_node_public_ip: publicIp,
  enable_sso: z.boolean().optional().describe('Sign on once for all that runs on it.'),
});

function isIdleTime(seconds: number | null): boolean {
  return seconds !== null && seconds >= 15 * 60 && seconds <= 3 * 24 * 3600;
}

const minutesCodec: Codec = {
  toService: (value) => `PT${String(value)}M`,
  toDocument: () => undefined, // the other key shows it
};

/** `15m` */
const timeoutCodec: Codec = {
  toService: (value) => `${String(value)}m`,
  toDocument: (value) =>
    /^\d+m$/.test(String(value)) ? Number.parseInt(String(value)) : undefined,
};

const inner = 'properties.properties';

export const instance: ComputeKind = {
  type: 'computeinstance',
  computeType: 'ComputeInstance',
  schemaName: 'computeInstance',
  schema,
  fields: [
    { key: 'description', at: 'properties.description' },
    { key: 'tags', at: 'tags' },
    { key: 'size', at: `${inner}.vmSize` },
    {
      key: 'create_on_behalf_of',
      at: `${inner}.personalComputeInstanceSettings.assignedUser`,
      codec: {
        toService: (value) =>
          renamed(value, { user_tenant_id: 'tenantId', user_object_id: 'objectId' }),
        toDocument: (value) =>
          renamed(value, { tenantId: 'user_tenant_id', objectId: 'user_object_id' }),
      },
    },
    {
      key: 'create_on_behalf_of',
      at: `${inner}.computeInstanceAuthorizationType`,
      codec: { toService: () => 'personal', toDocument: () => undefined },
    },
    {
      key: 'ssh_public_access_enabled',
      at: `${inner}.sshSettings.sshPublicAccess`,
      codec: switchCodec,
    },
    { key: 'ssh_settings.ssh_key_value', at: `${inner}.sshSettings.adminPublicKey` },
    { key: 'network_settings', at: `${inner}.subnet`, codec: networkCodec },
    {
      key: 'schedules.compute_start_stop',
      at: `${inner}.schedules.computeStartStop`,
      codec: schedulesCodec,
    },
    { key: 'identity', at: 'identity', codec: identityCodec },
    {
      key: 'idle_time_before_shutdown_minutes',
      at: `${inner}.idleTimeBeforeShutdown`,
      codec: minutesCodec,
      since: idleShutdownVersion,
    },
    {
      key: 'idle_time_before_shutdown',
      at: `${inner}.idleTimeBeforeShutdown`,
      since: idleShutdownVersion,
    },
    ...scriptFields('creation_script', 'creationScript'),
    ...scriptFields('startup_script', 'startupScript'),
    {
      key: 'custom_applications',
      at: `${inner}.customServices`,
      codec: customApplicationsCodec,
    },
    {
      key: 'application_sharing_policy',
      at: `${inner}.applicationSharingPolicy`,
      codec: wordCodec({ personal: 'Personal', shared: 'Shared' }),
    },
    { key: 'enable_node_public_ip', at: `${inner}.enableNodePublicIp` },
    { key: 'enable_sso', at: `${inner}.enableSSO`, since: idleShutdownVersion },
  ],
};

function renamed(value: unknown, names: Readonly<Record<string, string>>): object | undefined {
  const entries = Object.entries(value as object).flatMap(([key, item]) =>
    names[key] === undefined ? [] : [[names[key], item as unknown] as const],
  );
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** A script in the document itself travels in base64; one in the file share by its path. */
function scriptFields(key: string, name: string): readonly Field[] {
  const at = `${inner}.setupScripts.scripts.${name}`;
  const own = `setup_scripts.${key}`;
  const source = (word: string): Codec => ({ toService: () => word, toDocument: () => undefined });
  return [
    { key: `${own}.path`, at: `${at}.scriptSource`, codec: source('workspaceStorage') },
    { key: `${own}.command`, at: `${at}.scriptSource`, codec: source('inline') },
    {
      key: `${own}.path`,
      at: `${at}.scriptData`,
      codec: { toService: String, toDocument: sharePath },
    },
    {
      key: `${own}.command`,
      at: `${at}.scriptData`,
      codec: { toService: base64, toDocument: inlineScript },
    },
    { key: `${own}.timeout_minutes`, at: `${at}.timeout`, codec: timeoutCodec },
  ];
}

function base64(value: unknown): string {
  return Buffer.from(String(value)).toString('base64');
}

/** The data alone tell which of both they are: only our own encoding comes out of it unchanged. */
function inlineScript(value: unknown): string | undefined {
  const text = Buffer.from(String(value), 'base64').toString('utf8');
  const isText = !/[\u0000-\u0008\ufffd]/.test(text);
  return isText && base64(text) === value ? text : undefined;
}

function sharePath(value: unknown): string | undefined {
  return inlineScript(value) === undefined ? String(value) : undefined;
}
