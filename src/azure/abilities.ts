/** What each kind of compute can do, and whether it is still worth beginning with: as the lab's tables have it. */
import { say } from '../shared/language.ts';

export interface Abilities {
  /** `training`, `pipelines`, `batch inference`, `real-time inference`, in this order. */
  readonly can: readonly string[];
  /** `preview`, `older`, `retired`; null for what is current. */
  readonly standing: string | null;
  /** What to know of it before it is attached or kept, with today's way; null where there is nothing. */
  readonly note: string | null;
}

type Ability = 'training' | 'pipelines' | 'batch' | 'realTime';

interface Row {
  readonly can: readonly Ability[];
  readonly standing?: 'preview' | 'older' | 'retired';
  readonly note?: () => string;
}

const rows: Readonly<Record<string, Row>> = {
  AmlCompute: { can: ['training', 'pipelines', 'batch'] },
  ComputeInstance: { can: ['training', 'pipelines'] },
  Kubernetes: {
    can: ['training', 'pipelines', 'batch', 'realTime'],
    note: () =>
      say('The cluster needs the Azure Machine Learning extension before it is attached.'),
  },
  VirtualMachine: {
    can: ['training', 'pipelines'],
    note: () => say('One machine, one user; jobs run on it one after the other.'),
  },
  SynapseSpark: {
    can: ['training', 'pipelines'],
    standing: 'preview',
    note: () => say('For Spark jobs. Serverless Spark does without attaching anything.'),
  },
  Databricks: {
    can: ['pipelines'],
    note: () => say('For steps of pipelines; Databricks’ own jobs do without attaching it.'),
  },
  AKS: {
    can: ['realTime'],
    standing: 'older',
    note: () =>
      say(
        'For web services of the SDK v1, whose support ended on 30 June 2026. Today: a managed online endpoint, or the cluster attached as Kubernetes.',
      ),
  },
  HDInsight: {
    can: ['pipelines'],
    standing: 'older',
    note: () =>
      say(
        'Only pipelines of the SDK v1 use it, whose support ended on 30 June 2026. Today: serverless Spark, Synapse or Databricks.',
      ),
  },
  Batch: {
    can: ['pipelines'],
    standing: 'older',
    note: () =>
      say(
        'No specification of the service has it: it is sent as the SDK v1 sent it, and Azure may refuse it. Today: a parallel job on a compute cluster.',
      ),
  },
  DataLakeAnalytics: {
    can: [],
    standing: 'retired',
    note: () =>
      say(
        'Azure Data Lake Analytics ended on 29 February 2024: what is attached can only be detached. Today: a Spark job or Databricks.',
      ),
  },
  DataFactory: { can: ['pipelines'] },
};

/** @param computeType as the service says it; nothing is known of one that it has added since. */
export function abilitiesOf(computeType: string): Abilities {
  const row = rows[computeType];
  if (row === undefined) return { can: [], standing: null, note: null };
  return {
    can: row.can.map(abilityName),
    standing: row.standing === undefined ? null : standingName(row.standing),
    note: row.note?.() ?? null,
  };
}

/** `training, pipelines · preview`; may be empty. */
export function abilityText(computeType: string): string {
  const { can, standing } = abilitiesOf(computeType);
  return [can.join(', '), standing ?? ''].filter((part) => part !== '').join(' · ');
}

function abilityName(ability: Ability): string {
  switch (ability) {
    case 'training':
      return say('training');
    case 'pipelines':
      return say('pipelines');
    case 'batch':
      return say('batch inference');
    case 'realTime':
      return say('real-time inference');
  }
}

function standingName(standing: 'preview' | 'older' | 'retired'): string {
  switch (standing) {
    case 'preview':
      return say('preview');
    case 'older':
      return say('older way');
    case 'retired':
      return say('retired');
  }
}
