/** Where a run may go on whose device has failed: what is offered, and what an answer means. No `vscode`. */
import type { ErrorCode } from '../../shared/errors.ts';
import type { DeviceName } from '../../shared/protocol/core.ts';
import type { Translate } from '../ui/statusBarView.ts';
import type { RunRecord, RunStore } from './runStore.ts';

/** Too little memory stays too little. */
function waysOn(code: ErrorCode, backend: string): readonly DeviceName[] {
  if (code === 'device.outOfMemory') return ['cpu'];
  if (code !== 'device.lost') return [];
  return [backend === 'tfjs' ? 'cuda' : 'webgpu', 'cpu'];
}

export interface OtherDevices {
  /** What happened, with the reason. */
  readonly message: string;
  readonly directory: string;
  readonly ways: readonly { readonly title: string; readonly device: DeviceName }[];
}

/** null where a run has not failed because of its device, or has left nothing to go on from. */
function otherDevices({ state, end, info }: RunRecord, t: Translate): OtherDevices | null {
  const error = end?.error;
  if (state !== 'failed' || info === null || error === undefined) return null;
  const [onCpu, onGpu] = [t('Resume on the CPU'), t('Resume on the GPU')];
  const ways = waysOn(error.code, info.backend).map((device) => {
    return { device, title: device === 'cpu' ? onCpu : onGpu };
  });
  if (ways.length === 0) return null;
  return { message: error.message, directory: info.directory, ways };
}

export interface OtherDeviceQuestion {
  readonly translate: Translate;
  /** @returns the title that was chosen, or undefined */
  readonly ask: (message: string, titles: readonly string[]) => PromiseLike<string | undefined>;
  readonly resume: (directory: string, device: DeviceName) => Promise<void>;
  /** Takes the question on, and what goes wrong with it. */
  readonly run: (work: () => Promise<void>) => void;
}

/** Asks once for each run whose device fails. */
export function followDeviceFailures(
  store: Pick<RunStore, 'onDidChange'>,
  { translate, ask, resume, run }: OtherDeviceQuestion,
): { dispose(): void } {
  return store.onDidChange(({ kind }, record) => {
    const offer = kind === 'state' ? otherDevices(record, translate) : null;
    if (offer === null) return;
    run(async () => {
      const answer = await ask(
        offer.message,
        offer.ways.map(({ title }) => title),
      );
      const way = offer.ways.find(({ title }) => title === answer);
      if (way !== undefined) await resume(offer.directory, way.device);
    });
  });
}
