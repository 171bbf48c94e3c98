/** What the status bar says of a run: a pure function, so that it is tested without VS Code. */
import { formatValue } from '../../shared/numberFormat.ts';
import type { RunState } from '../../shared/protocol/core.ts';
import type { RunRecord } from '../runs/runStore.ts';

/** VS Code's `l10n.t`, or a stand-in. */
export type Translate = (message: string, ...args: (string | number)[]) => string;

export interface StatusBarView {
  readonly text: string;
  readonly accessibleText: string;
  readonly failed: boolean;
  /** The verdict, the device, and why `auto` took it: what the tooltip says, as far as it is known. */
  readonly facts: readonly string[];
}

const icons: Readonly<Record<RunState, string>> = {
  preparing: '$(loading~spin)',
  running: '$(sync~spin)',
  paused: '$(debug-pause)',
  completed: '$(check)',
  stopped: '$(debug-stop)',
  interrupted: '$(warning)',
  failed: '$(error)',
};

export function statusBarView(run: RunRecord, t: Translate, locale?: string): StatusBarView {
  const text = `${run.name}: ${whatItDoes(run, t, locale)}`;
  return {
    text: `${icons[run.state]} ${text}`,
    accessibleText: text,
    failed: run.state === 'failed',
    facts: factsOf(run, t),
  };
}

function factsOf({ end, info }: RunRecord, t: Translate): string[] {
  const reason = info?.choice?.reason;
  return [
    ...(end === null ? [] : [end.verdict]),
    ...(info === null ? [] : [`${info.device} (${info.backend})`]),
    ...(reason === undefined ? [] : [t('Device auto: {0}', reason)]),
  ];
}

function whatItDoes(run: RunRecord, t: Translate, locale?: string): string {
  if (run.state === 'failed') return t('failed');
  if (run.state === 'preparing') return preparing(run, t, locale);
  const numbers = [epochText(run, t), lossText(run, t, locale)].filter((part) => part !== '');
  if (run.state === 'paused') return [t('paused'), ...numbers].join(', ');
  if (run.state === 'stopped') return [t('stopped'), ...numbers].join(', ');
  if (run.state === 'interrupted') return [t('interrupted'), ...numbers].join(', ');
  return numbers.length === 0 ? t('training') : numbers.join(', ');
}

function preparing(run: RunRecord, t: Translate, locale?: string): string {
  if (run.progress === null) return t('preparing');
  const { message, fraction } = run.progress;
  if (fraction === null) return message;
  const percent = new Intl.NumberFormat(locale, { style: 'percent' }).format(fraction);
  return `${message} ${percent}`;
}

/** The newest complete epoch's loss once there is one; the newest step's before, so that something shows at once. */
function lossText(run: RunRecord, t: Translate, locale?: string): string {
  const epoch = run.epochs.at(-1);
  const loss = epoch?.loss ?? run.lastLoss;
  if (loss === null) return '';
  const shown = t('loss {0}', formatValue(loss, locale));
  if (epoch?.val_loss === undefined) return shown;
  return `${shown}, ${t('validation loss {0}', formatValue(epoch.val_loss, locale))}`;
}

function epochText(run: RunRecord, t: Translate): string {
  const epoch = run.epochs.at(-1);
  if (epoch === undefined || run.state === 'completed') return '';
  return t('epoch {0}/{1}', epoch.epoch, epoch.epochs);
}
