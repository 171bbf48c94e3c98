/** Documents of attached computes that the CLI has none for; the service's own interface and the SDK v1 do or did. */
import * as z from 'zod';
import type { ComputeKind } from './computeKind.ts';
import {
  common,
  commonFields,
  resourceField,
  resourceId,
  sshFields,
  sshFiles,
  sshSecrets,
  sshSettings,
  word,
} from './parts.ts';

const inner = 'properties.properties';

export const databricks: ComputeKind = {
  type: 'databricks',
  computeType: 'Databricks',
  schemaName: null,
  schema: z.strictObject({
    ...common,
    type: word(['databricks']),
    resource_id: resourceId,
    workspace_url: z
      .string()
      .optional()
      .describe('Address of the Databricks workspace, without https; by default its own.'),
    access_token: z
      .string()
      .optional()
      .describe(
        'A personal access token of that workspace. Sent, and kept nowhere by this program.',
      ),
  }),
  secrets: ['access_token'],
  fields: [
    ...commonFields,
    resourceField,
    { key: 'workspace_url', at: `${inner}.workspaceUrl` },
    { key: 'access_token', at: `${inner}.databricksAccessToken` },
  ],
};

export const hdInsight: ComputeKind = {
  type: 'hdinsight',
  computeType: 'HDInsight',
  schemaName: null,
  schema: z.strictObject({
    ...common,
    type: word(['hdinsight']),
    resource_id: resourceId,
    address: z
      .string()
      .optional()
      .describe('Public host of SSH; by default `NAME-ssh.azurehdinsight.net`.'),
    ssh_settings: sshSettings,
  }),
  secrets: sshSecrets,
  files: sshFiles,
  fields: [
    ...commonFields,
    resourceField,
    { key: 'address', at: `${inner}.address` },
    ...sshFields,
  ],
};

/** No specification of the service has it. The SDK v1 sent this and nothing else. */
export const azureBatch: ComputeKind = {
  type: 'batch',
  computeType: 'Batch',
  schemaName: null,
  hasLocation: false,
  schema: z.strictObject({
    name: common.name,
    type: word(['batch']),
    resource_id: resourceId,
  }),
  fields: [resourceField],
};

export const dataFactory: ComputeKind = {
  type: 'datafactory',
  computeType: 'DataFactory',
  schemaName: null,
  schema: z.strictObject({
    ...common,
    type: word(['datafactory']),
    resource_id: resourceId.optional(),
  }),
  fields: [...commonFields, resourceField],
};
