/** From a config whose data are images to tensors: reads them, names the classes, shares the images out. */
import { say } from '../../../shared/language.ts';
import path from 'node:path';
import { AppError } from '../../../shared/errors.ts';
import type { ImageConfig } from '../../../shared/model/trainConfig.ts';
import { seededPermutation } from '../../random/seededPermutation.ts';
import { streamOf } from '../../random/threefry.ts';
import type { PrepareOptions, PrepareResult } from '../preparation.ts';
import type { PreparedData, SplitData } from '../preparedData.ts';
import type { ImagePreprocessing, TargetTransform } from '../preprocessing.ts';
import { createReport, type Report } from '../report.ts';
import { splitRows } from '../splitRows.ts';
import { checkAugmentation } from './checkAugmentation.ts';
import { fitScale, scaleOf } from './fitScale.ts';
import { imageInputs } from './imageInputs.ts';
import { labelsOf } from './labels.ts';
import { readSamples, type FoundSamples } from './readSamples.ts';
import { firstSamples, takeSamples, type Samples, type SampleSet } from './samples.ts';

/** Throws only the abort reason of `signal`, and for a bug of ours. */
export async function prepareImages(options: PrepareOptions<ImageConfig>): Promise<PrepareResult> {
  const report = createReport(options.document);
  const found = await find(options, report);
  const data = found === null ? null : await prepare(options, found, report);
  const classes = data?.target.kind === 'classes' ? data.target.classes : null;
  return { data: report.failed ? null : data, classes, diagnostics: report.diagnostics };
}

async function find(
  { config, configFile, download = {}, onProgress, signal }: PrepareOptions<ImageConfig>,
  report: Report,
): Promise<FoundSamples | null> {
  const { data } = config;
  try {
    const folder = path.dirname(configFile);
    const told = onProgress ?? (() => undefined);
    return await readSamples({ data, folder, onProgress: told, signal, download });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    report.add(error.diagnostics);
    const place = data.path === null ? ['data', 'format'] : ['data', 'path'];
    if (error.diagnostics.length === 0) {
      report.at(place, { code: error.code, message: error.message });
    }
    return null;
  }
}

async function prepare(
  options: PrepareOptions<ImageConfig>,
  { place, samples }: FoundSamples,
  report: Report,
): Promise<PreparedData | null> {
  const { config } = options;
  const { data } = config;
  const set = limited(samples, data.limit);
  for (const folder of samples.emptyClasses ?? []) {
    const message = say`the folder ${folder} has no PNG or JPEG files, so it is no class`;
    const hint = say('put images in it, or remove it');
    report.at(['data', 'path'], { code: 'data.emptyClass', severity: 'warning', message, hint });
  }
  const labels = labelsOf(config, set, report);
  const parts = labels === null ? null : share(config, set, labels.target, report);
  const stated = scaleOf(config, set, report);
  checkAugmentation(config, set, report);
  if (labels === null || parts === null || stated === null || report.failed) return null;
  const { train } = parts;
  const scale = await fitScale(options, { shape: set.shape, train }, stated);
  const { target } = labels;
  const split = ({ count: rows, x, y }: Samples): SplitData => ({ rows, x, y: labels.values(y) });
  const preprocessing: ImagePreprocessing = {
    kind: 'images',
    data,
    shape: set.shape,
    scale,
    target,
  };
  return {
    train: split(train),
    validation: split(parts.validation),
    test: parts.test === null ? null : split(parts.test),
    ...imageInputs(preprocessing),
    target:
      target.kind === 'numbers'
        ? { kind: 'numbers', width: target.names.length }
        : { kind: 'classes', classes: target.names.length, names: target.names },
    preprocessing,
    source: { file: place, sha256: samples.sha256, rows: countOf(set), droppedRows: 0 },
    head: [],
  };
}

function limited(set: SampleSet, limit: number | null): SampleSet {
  if (limit === null) return set;
  const test = set.test === null ? null : firstSamples(set.test, limit);
  return { ...set, train: firstSamples(set.train, limit), test };
}

function countOf({ train, test }: SampleSet): number {
  return train.count + (test?.count ?? 0);
}

interface Parts {
  readonly train: Samples;
  readonly validation: Samples;
  readonly test: Samples | null;
}

function share(
  config: ImageConfig,
  { train, test }: SampleSet,
  target: TargetTransform,
  report: Report,
): Parts | null {
  const { split, validation } = config.data;
  if (validation === 'test') {
    if (test !== null) return { train, validation: test, test: null };
    const message = say('the data have no test part of their own');
    const hint = say('remove `validation: test`, or give shares under `split`');
    report.at(['data', 'validation'], { code: 'data.noTestPart', message, hint });
    return null;
  }
  for (const key of ['by', 'compat'] as const) {
    if (split[key] === null) continue;
    const message = say`\`split.${key}\` is for tables`;
    report.at(['data', 'split', key], { code: 'config.conflict', message, hint: say('remove it') });
  }
  if (report.failed) return null;
  const seed = split.seed ?? config.seed.value;
  const order = seededPermutation({ seed, stream: streamOf('split') }, train.count);
  const stratify = split.stratify !== false && target.kind === 'classes';
  const groups = stratify ? Int32Array.from(train.y) : undefined;
  const places = splitRows({ order, shares: split, groups });
  if (places.train.length === 0) {
    const message = say`of ${train.count} images none is left for training`;
    report.at(['data', 'split'], { code: 'data.emptyPart', message });
    return null;
  }
  const own = places.test.length > 0 ? takeSamples(train, places.test) : null;
  return {
    train: takeSamples(train, places.train),
    validation: takeSamples(train, places.validation),
    test: own ?? test,
  };
}
