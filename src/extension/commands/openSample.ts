/** *Open Sample*: a copy of a sample that the user may change, with its config in the editor. No folder need be open. */
import path from 'node:path';
import { l10n, Uri, window } from 'vscode';
import { currentLanguage } from '../../shared/language.ts';
import { copySample, keptCopy, listSamples } from '../samples/sampleFolders.ts';
import type { Sample } from '../samples/sampleFolders.ts';
import type { Services } from '../services.ts';

/** @param named the sample's folder, as the walkthrough gives it; without it the user picks one. */
export async function openSample({ places }: Services, named?: unknown): Promise<void> {
  const samples = await listSamples(places.samples, currentLanguage());
  const sample = samples.find(({ name }) => name === named) ?? (await chooseSample(samples));
  if (sample === undefined) return;
  const folder = await chooseFolder(sample, places.sampleCopies);
  if (folder === undefined) return;
  await window.showTextDocument(Uri.file(path.join(folder, sample.config)), { preview: false });
}

async function chooseSample(samples: readonly Sample[]): Promise<Sample | undefined> {
  const items = samples.map((sample) => ({
    label: sample.name,
    detail: sample.about,
    sample,
  }));
  const title = l10n.t('Which sample?');
  return (await window.showQuickPick(items, { title }))?.sample;
}

/** @returns where the copy is; undefined where the user gives up. */
async function chooseFolder(sample: Sample, own: string): Promise<string | undefined> {
  const title = l10n.t('Where should your copy of {0} be?', sample.name);
  const ours = { label: l10n.t('In a folder of Trainbench'), description: own };
  const other = { label: l10n.t('In a folder that I choose…'), description: '' };
  const chosen = await window.showQuickPick([ours, other], { title });
  if (chosen === undefined) return undefined;
  if (chosen === ours) return keptCopy(sample, own);
  const picks = { canSelectFolders: true, canSelectFiles: false, title };
  const folders = await window.showOpenDialog(picks);
  const parent = folders?.[0];
  return parent === undefined ? undefined : copySample(sample, parent.fsPath);
}
