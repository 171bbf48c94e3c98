/** Asks for an AKS cluster of the older kind: a new one, or one that exists; for web services of the SDK v1. */
import { readFile } from 'node:fs/promises';
import { l10n } from 'vscode';
import { abilitiesOf } from '../../../../azure/abilities.ts';
import { explained } from '../../../../azure/explain.ts';
import { findSize, hourPrice } from '../../../../azure/vmSizes.ts';
import { errorMessage } from '../../../../shared/errors.ts';
import { hourText } from '../../money.ts';
import type { ComputeAnswers } from '../computeAnswers.ts';
import { endStep } from '../endStep.ts';
import { numberNote, pickStep, textStep } from '../form.ts';
import type { Form, Note, Step } from '../formTypes.ts';
import { attachEnd, attachNameStep, attachTitle } from './attachPlace.ts';
import type { AttachPlace } from './attachPlace.ts';
import { resourceSteps } from './resourceSteps.ts';

/** What a cluster for production has at least. */
const leastProductionCores = 12;

const isNew = ({ form }: ComputeAnswers) => form?.isNew === true;
const exists = (answers: ComputeAnswers) => !isNew(answers);

export function aksForm(place: AttachPlace): Form<ComputeAnswers> {
  return {
    title: attachTitle(place, 'AKS'),
    steps: [
      ...beginStep(place),
      ...resourceSteps(place, {
        type: 'aks',
        question: l10n.t('Which AKS cluster?'),
        when: exists,
      }),
      attachNameStep(place, abilitiesOf('AKS').note ?? ''),
      purposeStep(),
      ...nodeSteps(place),
      ...tlsSteps(),
      endStep({ when: isNew, offersMore: false, price: (answers) => costText(place, answers) }),
      attachEnd(place, { when: exists, detail: l10n.t('The cluster bills as before') }),
    ],
  };
}

function beginStep({ anew }: AttachPlace): readonly Step<ComputeAnswers>[] {
  if (anew !== null) return [];
  return [
    pickStep<ComputeAnswers>({
      question: l10n.t('A new cluster, or one that exists?'),
      choices: ({ form }) => [
        {
          label: l10n.t('One that exists'),
          answers: { form: { ...form, isNew: false } },
          isDefault: true,
        },
        {
          label: l10n.t('A new cluster'),
          detail: l10n.t('Its nodes bill day and night until it is deleted'),
          answers: { form: { ...form, isNew: true } },
        },
      ],
    }),
  ];
}

function purposeStep(): Step<ComputeAnswers> {
  return pickStep<ComputeAnswers>({
    question: l10n.t('What is the cluster for?'),
    choices: ({ purpose = 'fast_prod' }) =>
      [
        {
          label: l10n.t('Production'),
          detail: l10n.t('At least {0} vCPUs in all', leastProductionCores),
          purpose: 'fast_prod',
        },
        {
          label: l10n.t('Production, packed densely'),
          detail: l10n.t('More services on fewer nodes'),
          purpose: 'dense_prod',
        },
        { label: l10n.t('Development and tests'), detail: '', purpose: 'dev_test' },
      ].map(({ detail, label, purpose: own }) => ({
        label,
        detail,
        answers: { purpose: own },
        isDefault: own === purpose,
      })),
  });
}

function nodeSteps({ sizes, workspace }: AttachPlace): readonly Step<ComputeAnswers>[] {
  const attempt = { what: workspace.location, role: 'Reader' } as const;
  const list = () => explained(attempt, () => sizes.list(workspace));
  return [
    pickStep<ComputeAnswers>({
      when: isNew,
      question: l10n.t('Which size shall its nodes have?'),
      choices: async () =>
        (await list())
          .filter(({ gpus = 0, name, vCPUs = 0 }) => name !== undefined && gpus === 0 && vCPUs > 1)
          .map((size, index) => ({
            label: size.name ?? '',
            description: l10n.t('{0} vCPUs · {1} GB', size.vCPUs ?? 0, size.memoryGB ?? 0),
            detail: hourText(hourPrice(size, 'Standard')),
            answers: { size: size.name ?? '' },
            isDefault: index === 0,
          })),
    }),
    textStep<ComputeAnswers>({
      when: isNew,
      question: l10n.t('How many nodes?'),
      value: ({ node_count = 3 }) => String(node_count),
      async check(text, { purpose, size = '' }) {
        const says = l10n.t('A whole number from 1 to {0}.', 1000);
        const wrong = numberNote(text, { least: 1, most: 1000, says });
        const cores = (findSize(await list(), size)?.vCPUs ?? 0) * Number(text);
        if (wrong !== null || purpose !== 'fast_prod' || cores === 0) return wrong;
        if (cores >= leastProductionCores) return null;
        const short = l10n.t('These have {0} vCPUs; for production {1} are needed.', cores, 12);
        return { severity: 'error', text: short };
      },
      take: (text) => ({ node_count: Number(text) }),
    }),
  ];
}

function tlsSteps(): readonly Step<ComputeAnswers>[] {
  const has = (status: string) => (answers: ComputeAnswers) =>
    answers.ssl_settings?.status === status;
  return [
    pickStep<ComputeAnswers>({
      question: l10n.t(
        'TLS of its web services? To change it later, the cluster is attached anew.',
      ),
      choices: () => [
        {
          label: l10n.t('No TLS'),
          detail: l10n.t('Requests and keys travel in the open: only for tests'),
          answers: { ssl_settings: { status: 'disabled' } },
        },
        {
          label: l10n.t('A certificate of Microsoft'),
          detail: l10n.t('For a domain of Azure'),
          answers: { ssl_settings: { status: 'auto' } },
          isDefault: true,
        },
        {
          label: l10n.t('A certificate of your own…'),
          detail: l10n.t('For a domain of yours'),
          answers: { ssl_settings: { status: 'enabled' } },
        },
      ],
    }),
    textStep<ComputeAnswers>({
      when: has('auto'),
      question: l10n.t('First part of the domain.'),
      prompt: ({ name = '' }) => l10n.t('The domain becomes {0}….azure.com.', name),
      value: ({ name = '' }) => name.toLowerCase(),
      check: (text) => label(text),
      take: (text, { ssl_settings }) => ({
        ssl_settings: { ...ssl_settings, leaf_domain_label: text },
      }),
    }),
    textStep<ComputeAnswers>({
      when: has('enabled'),
      question: l10n.t('Domain that the certificate is for.'),
      placeholder: 'models.example.com',
      check: (text) =>
        /^([a-z0-9*-]+\.)+[a-z]{2,}$/i.test(text)
          ? null
          : { severity: 'error', text: l10n.t('A domain such as models.example.com.') },
      take: (cname, { ssl_settings }) => ({ ssl_settings: { ...ssl_settings, cname } }),
    }),
    pemStep(has('enabled'), 'cert_file', l10n.t('Path of the file with the certificate (PEM).')),
    pemStep(has('enabled'), 'key_file', l10n.t('Path of the file with its private key (PEM).')),
  ];
}

function pemStep(
  when: (answers: ComputeAnswers) => boolean,
  key: 'cert_file' | 'key_file',
  question: string,
): Step<ComputeAnswers> {
  return textStep<ComputeAnswers>({
    when,
    question,
    value: ({ ssl_settings }) => ssl_settings?.[key] ?? '',
    async check(file): Promise<Note | null> {
      try {
        if ((await readFile(file.trim(), 'utf8')).includes('-----BEGIN ')) return null;
        return { severity: 'error', text: l10n.t('The file is not in the form PEM.') };
      } catch (error) {
        return { severity: 'error', text: errorMessage(error) };
      }
    },
    take: (file, { ssl_settings }) => ({ ssl_settings: { ...ssl_settings, [key]: file.trim() } }),
  });
}

function label(text: string): Note | null {
  return /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i.test(text)
    ? null
    : {
        severity: 'error',
        text: l10n.t('Up to 63 letters, digits and hyphens; no hyphen at the ends.'),
      };
}

async function costText(
  { sizes, workspace }: AttachPlace,
  { node_count = 0, size = '' }: ComputeAnswers,
): Promise<string> {
  const found = findSize(await sizes.list(workspace), size);
  const price = found === undefined ? null : hourPrice(found, 'Standard');
  return l10n.t('{0}, day and night, until it is deleted', hourText(price, node_count));
}
