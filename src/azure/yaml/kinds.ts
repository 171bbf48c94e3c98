/** The kinds of computes that a YAML document can describe. To add one, write its file and put it into `computeKinds`. */
import { isRecord } from '../../shared/model/schemaKit.ts';
import { cluster } from './cluster.ts';
import type { ComputeKind } from './computeKind.ts';
import type { Tree } from './fields.ts';
import { instance } from './instance.ts';
import { aks } from './aks.ts';
import { kubernetes, synapseSpark, virtualMachine } from './attached.ts';
import { azureBatch, dataFactory, databricks, hdInsight } from './attachedOlder.ts';

export const computeKinds: readonly ComputeKind[] = [
  cluster,
  instance,
  virtualMachine,
  kubernetes,
  synapseSpark,
  databricks,
  hdInsight,
  aks,
  azureBatch,
  dataFactory,
];

export function kindOfType(type: string): ComputeKind | null {
  const plain = type.toLowerCase().replaceAll(/[_ -]/g, '');
  return computeKinds.find((kind) => kind.type === plain) ?? null;
}

export function kindOfService(computeType: string): ComputeKind | null {
  return computeKinds.find((kind) => kind.computeType === computeType) ?? null;
}

/** By `type`, else by `$schema`, else by keys that only one kind has. Null where it may be anything. */
export function kindOfDocument(document: unknown): ComputeKind | null {
  if (!isRecord(document)) return null;
  const { type, $schema } = document as Tree;
  if (typeof type === 'string') return kindOfType(type);
  const named =
    typeof $schema === 'string' ? /([^/]+)\.schema\.json/i.exec($schema)?.[1] : undefined;
  const bySchema = computeKinds.find(
    ({ schemaName }) => schemaName !== null && schemaName.toLowerCase() === named?.toLowerCase(),
  );
  if (bySchema !== undefined) return bySchema;
  const keys = Object.keys(document);
  const fitting = computeKinds.filter(({ type: own }) =>
    tellingKeys[own]?.some((key) => keys.includes(key)),
  );
  return fitting.length === 1 ? fitting[0]! : null;
}

/** Keys that no other kind of document of Azure's has. */
const tellingKeys: Readonly<Record<string, readonly string[]>> = {
  amlcompute: ['min_instances', 'max_instances', 'idle_time_before_scale_down'],
  computeinstance: [
    'create_on_behalf_of',
    'idle_time_before_shutdown',
    'idle_time_before_shutdown_minutes',
    'setup_scripts',
    'custom_applications',
  ],
};
