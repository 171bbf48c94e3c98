/** Applications in containers on an instance, in documents and for the service. */
import * as z from 'zod';
import { isRecord } from '../../shared/model/schemaKit.ts';
import type { Codec, Tree } from './fields.ts';
import { word } from './parts.ts';

const port = z.int().min(1).max(65535);

export const customApplications = z
  .array(
    z.strictObject({
      name: z.string().describe('Shown among the applications of the instance.'),
      type: word(['docker']).default('docker').describe('How it runs.'),
      image: z
        .strictObject({
          type: word(['docker', 'azureml']).default('docker').describe('Where the image is from.'),
          reference: z.string().describe('The image: `ghcr.io/owner/name:tag`.'),
        })
        .describe('The image of the container.'),
      endpoints: z
        .array(
          z.strictObject({
            target: port.describe('Port inside the container.'),
            published: port.optional().describe('Port of the instance.'),
          }),
        )
        .optional()
        .describe('Ports at which it answers.'),
      environment_variables: z
        .record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String))
        .optional()
        .describe('Variables inside the container.'),
      bind_mounts: z
        .array(
          z.strictObject({
            source: z.string().describe('Folder of the instance.'),
            target: z.string().describe('Folder in the container.'),
          }),
        )
        .optional()
        .describe('Folders of the instance that the container sees.'),
    }),
  )
  .optional()
  .describe('Applications in containers.');

export const customApplicationsCodec: Codec = {
  toService: (value) => (value as Tree[]).map(toService),
  toDocument: (value) =>
    Array.isArray(value) && value.length > 0 ? (value as Tree[]).map(toDocument) : undefined,
};

function toService(application: Tree): Tree {
  const { bind_mounts, endpoints = [], environment_variables = {}, image, name } = application;
  return {
    name,
    image,
    docker: { privileged: true },
    environmentVariables: Object.fromEntries(
      Object.entries(environment_variables as Tree).map(([key, value]) => [
        key,
        { type: 'local', value },
      ]),
    ),
    endpoints: (endpoints as Tree[]).map((endpoint) => ({
      ...endpoint,
      name: 'connect',
      protocol: 'http',
    })),
    volumes: ((bind_mounts ?? []) as Tree[]).map((mount) => ({
      ...mount,
      type: 'bind',
      readOnly: false,
    })),
  };
}

function toDocument({ endpoints, environmentVariables, image, name, volumes }: Tree): Tree {
  const variables = Object.entries(isRecord(environmentVariables) ? environmentVariables : {});
  const ports = list(endpoints).map(({ published, target }) =>
    published === undefined || published === null ? { target } : { target, published },
  );
  const mounts = list(volumes).map(({ source, target }) => ({ source, target }));
  return {
    name,
    ...(image === undefined ? {} : { image }),
    ...(ports.length === 0 ? {} : { endpoints: ports }),
    ...(variables.length === 0
      ? {}
      : {
          environment_variables: Object.fromEntries(
            variables.map(([key, variable]) => [key, (variable as Tree)['value']]),
          ),
        }),
    ...(mounts.length === 0 ? {} : { bind_mounts: mounts }),
  };
}

function list(value: unknown): readonly Tree[] {
  return Array.isArray(value) ? (value as Tree[]) : [];
}
