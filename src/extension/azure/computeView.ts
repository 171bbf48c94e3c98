/** What the tree says of a compute: a pure function, so that it is tested without VS Code. */
import { abilitiesOf, abilityText } from '../../azure/abilities.ts';
import type { ComputeTarget } from '../../azure/computes.ts';
import type { HourPrice } from '../../azure/vmSizes.ts';
import type { Translate } from '../ui/statusBarView.ts';

export const computeGroups = ['instances', 'clusters', 'attached', 'kubernetes'] as const;
export type ComputeGroup = (typeof computeGroups)[number];

export interface ComputeView {
  readonly label: string;
  readonly description: string;
  /** A codicon. */
  readonly icon: string;
  readonly color: string | undefined;
  readonly details: readonly string[];
  /** For menus: `compute.instance.running`. */
  readonly contextValue: string;
}

export interface ComputeFacts {
  readonly compute: ComputeTarget;
  /** Of one machine of its size and tier; null where it is not known. */
  readonly price: HourPrice | null;
  /** What this window does with it. */
  readonly busy: string | null;
  /** When this was read. */
  readonly readAt: Date | null;
}

export function groupOf({ properties }: ComputeTarget): ComputeGroup {
  switch (properties?.computeType) {
    case 'ComputeInstance':
      return 'instances';
    case 'AmlCompute':
      return 'clusters';
    case 'Kubernetes':
    case 'AKS':
      return 'kubernetes';
    default:
      return 'attached';
  }
}

/** Size and tier, where the compute has machines of its own. */
export function sizeOf({
  properties,
}: ComputeTarget): { readonly name: string; readonly tier: 'Standard' | 'LowPriority' } | null {
  if (properties?.computeType === 'ComputeInstance') {
    const name = properties.properties?.vmSize;
    return name === undefined ? null : { name, tier: 'Standard' };
  }
  if (properties?.computeType !== 'AmlCompute') return null;
  const { vmPriority, vmSize } = properties.properties ?? {};
  const tier = vmPriority === 'LowPriority' ? 'LowPriority' : 'Standard';
  return vmSize === undefined ? null : { name: vmSize, tier };
}

export function computeView(facts: ComputeFacts, t: Translate, locale?: string): ComputeView {
  const { busy, compute, readAt } = facts;
  const states = stateWords(compute, t);
  const parts = busy === null ? states : [busy];
  const details = [
    compute.name,
    ...stateLines(compute, t),
    sizeOf(compute)?.name ?? compute.properties?.computeType ?? '',
    nodeText(compute, t),
    priceText(facts, t, locale),
    ...abilityLines(compute, t),
    ...failures(compute),
    readAt === null ? '' : t('As of {0}', readAt.toLocaleTimeString(locale)),
  ];
  // The view is narrow: what changes comes first, what is cut off is in the tooltip.
  const shown = [...parts, nodeText(compute, t), priceText(facts, t, locale)];
  const kind = sizeOf(compute)?.name ?? compute.properties?.computeType ?? '';
  return {
    label: compute.name,
    description: [...shown, kind, shortAbilities(compute)]
      .filter((part) => part !== '')
      .join(' · '),
    ...look(facts),
    details: details.filter((line) => line !== ''),
    contextValue: contextValue(facts),
  };
}

/** Of what has no machines of its own, beside its name; the others have nodes and prices there. */
function shortAbilities({ properties }: ComputeTarget): string {
  const type = properties?.computeType ?? '';
  return type === 'AmlCompute' || type === 'ComputeInstance' ? '' : abilityText(type);
}

/** What it can do, and what to know of its kind. */
export function abilityLines({ properties }: ComputeTarget, t: Translate): readonly string[] {
  const { can, note, standing } = abilitiesOf(properties?.computeType ?? '');
  return [
    can.length === 0 ? '' : t('Can do: {0}', can.join(', ')),
    standing === null ? '' : t('Standing: {0}', standing),
    note ?? '',
  ];
}

const provisioned = 'Succeeded';

/** What differs from the usual of each of the three states, which are different things. */
function stateWords({ properties }: ComputeTarget, t: Translate): readonly string[] {
  const words: string[] = [];
  const provisioning = properties?.provisioningState ?? provisioned;
  if (provisioning !== provisioned) words.push(stateName(provisioning, t));
  if (properties?.computeType === 'ComputeInstance') {
    const state = properties.properties?.state;
    if (state !== undefined && state !== provisioning) words.push(stateName(state, t));
  }
  if (properties?.computeType === 'AmlCompute') {
    const state = properties.properties?.allocationState;
    if (state !== undefined && state !== 'Steady') words.push(stateName(state, t));
  }
  return words;
}

/** All of them, each by its name. */
export function stateLines({ properties }: ComputeTarget, t: Translate): readonly string[] {
  const lines = [t('Provisioning: {0}', stateName(properties?.provisioningState ?? '', t))];
  if (properties?.computeType === 'ComputeInstance') {
    lines.push(t('Instance: {0}', stateName(properties.properties?.state ?? '', t)));
  }
  if (properties?.computeType === 'AmlCompute') {
    lines.push(t('Allocation: {0}', stateName(properties.properties?.allocationState ?? '', t)));
  }
  return lines;
}

/** In the user's language; one that the service has added since comes as it is. */
export function stateName(state: string, t: Translate): string {
  const names: Readonly<Record<string, string>> = {
    Creating: t('being created'),
    Updating: t('being updated'),
    Deleting: t('being deleted'),
    Succeeded: t('ready'),
    Failed: t('failed'),
    Canceled: t('cancelled'),
    CreateFailed: t('creation failed'),
    Running: t('running'),
    JobRunning: t('running a job'),
    Starting: t('starting'),
    Stopping: t('stopping'),
    Stopped: t('stopped'),
    Restarting: t('restarting'),
    SettingUp: t('setting up'),
    SetupFailed: t('setup failed'),
    Unusable: t('unusable'),
    Steady: t('steady'),
    Resizing: t('resizing'),
  };
  return Object.hasOwn(names, state) ? names[state]! : state === '' ? t('unknown') : state;
}

/** `3 of 4 nodes: 2 running, 1 idle`; empty for what has no nodes. */
export function nodeText({ properties }: ComputeTarget, t: Translate): string {
  if (properties?.computeType !== 'AmlCompute') return '';
  const {
    currentNodeCount = 0,
    nodeStateCounts: counts,
    scaleSettings,
  } = properties.properties ?? {};
  const most = scaleSettings?.maxNodeCount ?? currentNodeCount;
  const all = t('{0} of {1} nodes', currentNodeCount, most);
  const kinds: readonly (readonly [number | undefined, (count: number) => string])[] = [
    [counts?.runningNodeCount, (count) => t('{0} running', count)],
    [counts?.idleNodeCount, (count) => t('{0} idle', count)],
    [counts?.preparingNodeCount, (count) => t('{0} preparing', count)],
    [counts?.leavingNodeCount, (count) => t('{0} leaving', count)],
    [counts?.unusableNodeCount, (count) => t('{0} unusable', count)],
    [counts?.preemptedNodeCount, (count) => t('{0} preempted', count)],
  ];
  const some = kinds.flatMap(([count = 0, text]) => (count > 0 ? [text(count)] : []));
  return some.length === 0 ? all : `${all}: ${some.join(', ')}`;
}

/** Machines that bill now. */
function billed({ properties }: ComputeTarget): number {
  if (properties?.computeType === 'AmlCompute') return properties.properties?.currentNodeCount ?? 0;
  if (properties?.computeType !== 'ComputeInstance') return 0;
  const off = ['Stopped', 'CreateFailed', 'Deleting'];
  return off.includes(properties.properties?.state ?? '') ? 0 : 1;
}

/** What it costs now; what one machine would cost where none runs. */
export function priceText({ compute, price }: ComputeFacts, t: Translate, locale?: string): string {
  if (price === null) return '';
  const count = billed(compute);
  const amount = (value: number) =>
    new Intl.NumberFormat(locale, { style: 'currency', currency: price.currency }).format(value);
  if (count === 0) return t('{0} an hour when it runs', amount(price.amount));
  return t('{0} an hour', amount(price.amount * count));
}

/** What the service says is wrong with it. */
export function failures({ properties }: ComputeTarget): readonly string[] {
  const own =
    properties?.computeType === 'AmlCompute' || properties?.computeType === 'ComputeInstance'
      ? (properties.properties?.errors ?? [])
      : [];
  const texts = [...(properties?.provisioningErrors ?? []), ...own].map(
    ({ error }) => `${error?.code ?? ''}: ${error?.message ?? ''}`,
  );
  return [...new Set(texts)];
}

function look({ busy, compute }: ComputeFacts): Pick<ComputeView, 'icon' | 'color'> {
  const { properties } = compute;
  const provisioning = properties?.provisioningState ?? provisioned;
  if (busy !== null || /ing$/.test(provisioning)) return { icon: 'loading~spin', color: undefined };
  if (provisioning !== provisioned) return { icon: 'error', color: 'charts.red' };
  if (properties?.computeType === 'ComputeInstance')
    return instanceLook(properties.properties?.state);
  if (properties?.computeType !== 'AmlCompute') return { icon: 'plug', color: undefined };
  const { allocationState, currentNodeCount = 0, nodeStateCounts } = properties.properties ?? {};
  if (allocationState === 'Resizing') return { icon: 'loading~spin', color: undefined };
  if ((nodeStateCounts?.unusableNodeCount ?? 0) > 0)
    return { icon: 'warning', color: 'charts.yellow' };
  const color = currentNodeCount > 0 ? 'charts.green' : undefined;
  return { icon: 'server-environment', color };
}

function instanceLook(state = ''): Pick<ComputeView, 'icon' | 'color'> {
  if (/Failed$|^Unusable$/.test(state)) return { icon: 'error', color: 'charts.red' };
  if (/^(Running|JobRunning)$/.test(state)) return { icon: 'vm-running', color: 'charts.green' };
  if (/ing$|ingUp$/.test(state)) return { icon: 'loading~spin', color: undefined };
  return { icon: 'vm-outline', color: undefined };
}

function contextValue({ busy, compute }: ComputeFacts): string {
  const group = groupOf(compute);
  if (busy !== null) return `azure.compute.${group}.busy`;
  const attached = compute.properties?.isAttachedCompute === true ? '.attached' : '.own';
  const state = compute.properties;
  if (state?.computeType !== 'ComputeInstance') return `azure.compute.${group}${attached}`;
  const word = (state.properties?.state ?? 'unknown').toLowerCase();
  return `azure.compute.${group}${attached}.${word}`;
}
