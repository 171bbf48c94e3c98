/** Writes a script that predicts with a run's weights, and those weights beside it. */
import path from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { say } from '../../shared/language.ts';
import type { InputRow, ScriptLanguage } from '../../shared/protocol/core.ts';
import type { Shape } from '../../shared/tensor/tensorType.ts';
import { imageField } from '../data/images/furtherImages.ts';
import { isImages } from '../data/preprocessing.ts';
import { writeFileAtomic } from '../runs/atomicFiles.ts';
import { openRun } from '../runs/openRun.ts';
import { javascriptCode } from '../snippets/javascript.ts';
import type { ModelCode } from '../snippets/modelCode.ts';
import { pythonCode } from '../snippets/python.ts';
import { exportModel } from '../train/exportModel.ts';
import { forwardGraph } from '../train/forwardGraph.ts';
import { outputKind } from '../train/prediction.ts';
import { runInputs } from '../train/runInputs.ts';
import { storedModel } from '../train/storedRun.ts';

interface Language {
  readonly extension: string;
  readonly write: (model: ModelCode) => string;
}

const languages: Readonly<Record<ScriptLanguage, Language>> = {
  python: { extension: '.py', write: pythonCode },
  javascript: { extension: '.mjs', write: javascriptCode },
};

export interface WrittenScript {
  readonly script: string;
  readonly weights: string;
}

/** Both go to `<run>/export/`. @throws AppError as exportRun does. */
export async function writeScript(
  directory: string,
  language: ScriptLanguage,
): Promise<WrittenScript> {
  const { extension, write } = languages[language];
  const weights = await exportModel(directory, 'safetensors');
  const { dir: folder, base: weightsFile, name } = path.parse(weights);
  const scriptFile = `${name}${extension}`;
  const code = write({ ...(await describeModel(directory)), weightsFile, scriptFile });
  const script = path.join(folder, scriptFile);
  await writeFileAtomic(script, new TextEncoder().encode(code));
  return { script, weights };
}

async function describeModel(
  directory: string,
): Promise<Omit<ModelCode, 'weightsFile' | 'scriptFile'>> {
  const opened = await openRun(directory);
  const { config, model } = storedModel(opened);
  const { preprocessing, record } = opened;
  const images = isImages(preprocessing);
  const inputShape = images ? preprocessing.shape : model.context.inputShape;
  if (images) requireImages(inputShape);
  const { example } = await runInputs(directory);
  return {
    name: record.name,
    graph: forwardGraph(model),
    inputShape,
    preprocessing,
    output: outputKind(preprocessing.target, config, model.outputShape),
    example: images ? wherever(example, record.configFile) : example,
  };
}

function requireImages(shape: Shape): void {
  const channels = shape[2] ?? 0;
  if (shape.length === 3 && (channels === 1 || channels === 3)) return;
  const message = say`inputs of the shape ${shape.join(' x ')} are no images`;
  throw new AppError('export.unsupported', message);
}

/** The image that the config names, from any folder. */
function wherever(example: InputRow, configFile: string): InputRow {
  const { [imageField]: file } = example;
  if (typeof file !== 'string' || file === '') return example;
  return { [imageField]: path.resolve(path.dirname(configFile), file) };
}
