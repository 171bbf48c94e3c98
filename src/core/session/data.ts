/** Answers about data: what a file holds, and what a config makes of it. */
import { isConfigFile } from '../../shared/model/data.ts';
import { inspectConfig, inspectDataFile } from '../inspect/inspectFile.ts';
import { likelyTarget } from '../propose/chooseTarget.ts';
import { ImagePreviewer } from '../train/previewImages.ts';
import { describeNetwork } from '../train/describeNetwork.ts';
import { readConfig } from '../train/readConfig.ts';
import { toAbortSignal } from './session.ts';
import type { Area, SessionHost } from './session.ts';

export function dataHandlers({ announce, createBackend }: SessionHost): Area<'data'> {
  const previewer = new ImagePreviewer();
  return {
    'data/preview': (wish, cancel) =>
      previewer.preview(wish, {
        createBackend,
        signal: toAbortSignal(cancel),
        onProgress: (progress) => announce('run/progress', progress),
      }),
    async 'data/inspect'({ file }, cancel) {
      const options = {
        signal: toAbortSignal(cancel),
        onProgress: (progress: { message: string; fraction: number | null }) =>
          announce('run/progress', { file, ...progress }),
      };
      if (isConfigFile(file)) {
        const text = await readConfig(file);
        const report = await inspectConfig({ file, text }, options);
        const { summary: network } = describeNetwork(text, file, report.prepared?.inputShape);
        return { ...report, network };
      }
      const table = await inspectDataFile(file, options);
      return {
        table,
        likelyTarget: likelyTarget(table),
        prepared: null,
        network: null,
        diagnostics: [],
      };
    },
  };
}
