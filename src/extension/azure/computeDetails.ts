/** All that is known of a compute as a document: states, nodes, how to reach it, errors, identity, the service's JSON. */
import type { ComputeNodeInformation, ComputeTarget } from '../../azure/computes.ts';
import type { Translate } from '../ui/statusBarView.ts';
import { abilityLines, failures, nodeText, priceText, sizeOf, stateLines } from './computeView.ts';
import type { ComputeFacts } from './computeView.ts';

export interface DetailFacts extends ComputeFacts {
  /** Of a cluster; empty for others. */
  readonly nodes: readonly ComputeNodeInformation[];
  /** As the service answered. */
  readonly json: unknown;
}

/** @returns Markdown; every value from the service is escaped. */
export function computeDetails(facts: DetailFacts, t: Translate, locale?: string): string {
  const { compute, json, nodes, readAt } = facts;
  const sections = [
    `# ${escape(compute.name)}`,
    readAt === null ? '' : t('As of {0}', readAt.toLocaleTimeString(locale)),
    list([
      ...stateLines(compute, t),
      line(t('Kind'), compute.properties?.computeType),
      line(t('Size'), sizeOf(compute)?.name),
      line(t('Region'), compute.location),
      line(t('Description'), compute.properties?.description),
      nodeText(compute, t),
      priceText(facts, t, locale),
      line(t('Stands for'), compute.properties?.resourceId),
      ...abilityLines(compute, t),
    ]),
    section(t('Errors'), list(failures(compute))),
    section(t('Nodes'), nodeTable(nodes, t)),
    section(t('Connections'), list(connections(compute, t))),
    section(t('Identity'), list(identity(compute, t))),
    section('JSON', fenced(JSON.stringify(json, null, 2))),
  ];
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`;
}

function line(name: string, value: string | undefined): string {
  return value === undefined || value === '' ? '' : `${name}: ${value}`;
}

function list(lines: readonly string[]): string {
  return lines
    .filter((text) => text !== '')
    .map((text) => `- ${escape(text)}`)
    .join('\n');
}

function section(title: string, body: string): string {
  return body === '' ? '' : `## ${title}\n\n${body}`;
}

function nodeTable(nodes: readonly ComputeNodeInformation[], t: Translate): string {
  if (nodes.length === 0) return '';
  const head = [
    t('Node'),
    t('State'),
    t('Private address'),
    t('Public address'),
    t('Port'),
    t('Job'),
  ];
  const rows = nodes.map((node) => [
    node.nodeId,
    node.nodeState,
    node.privateIpAddress,
    node.publicIpAddress,
    node.port,
    node.runId,
  ]);
  const cells = (row: readonly (string | number | undefined)[]) =>
    `| ${row.map((cell) => escape(String(cell ?? ''))).join(' | ')} |`;
  return [cells(head), cells(head.map(() => '---')), ...rows.map(cells)].join('\n');
}

function connections({ properties }: ComputeTarget, t: Translate): readonly string[] {
  if (properties?.computeType !== 'ComputeInstance') return [];
  const { applications = [], connectivityEndpoints, sshSettings } = properties.properties ?? {};
  const address = connectivityEndpoints?.publicIpAddress;
  const { adminUserName, sshPort } = sshSettings ?? {};
  const ssh =
    address === undefined || sshPort === undefined
      ? ''
      : `SSH: ssh ${adminUserName ?? 'azureuser'}@${address} -p ${sshPort}`;
  return [
    line(t('Public address'), address),
    line(t('Private address'), connectivityEndpoints?.privateIpAddress),
    ssh,
    ...applications.map(({ displayName = '', endpointUri }) => line(displayName, endpointUri)),
  ];
}

function identity({ identity: own }: ComputeTarget, t: Translate): readonly string[] {
  if (own === undefined) return [];
  return [
    line(t('Kind'), own.type),
    line(t('Principal'), own.principalId),
    line(t('Directory'), own.tenantId),
    ...Object.keys(own.userAssignedIdentities ?? {}),
  ];
}

/** Names and messages come from the service and from other people. */
function escape(text: string): string {
  return text.replace(/[\\`*_{}[\]<>()#+!|~&]/g, '\\$&').replaceAll('\n', ' ');
}

function fenced(text: string): string {
  return `\`\`\`json\n${text.replaceAll('```', '`\u200b``')}\n\`\`\``;
}
