/** Writes a script that predicts with a run's weights, and those weights beside it. */
import path from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { say } from '../../shared/language.ts';
import type { ScriptLanguage } from '../../shared/protocol/core.ts';
import { isImages, type Preprocessing, type TablePreprocessing } from '../data/preprocessing.ts';
import { writeFileAtomic } from '../runs/atomicFiles.ts';
import { exportModel } from '../train/exportModel.ts';
import { openRun } from '../runs/openRun.ts';
import { javascriptCode } from '../snippets/javascript.ts';
import type { ModelLayer } from '../graph/model.ts';
import { isWritable, type CodeLayer, type ModelCode } from '../snippets/modelCode.ts';
import { pythonCode } from '../snippets/python.ts';
import { outputKind } from '../train/prediction.ts';
import { runInputs } from '../train/runInputs.ts';
import { storedModel } from '../train/storedRun.ts';

interface Language {
  readonly extension: string;
  readonly weights: 'pt' | 'safetensors';
  readonly write: (model: ModelCode) => string;
}

const languages: Readonly<Record<ScriptLanguage, Language>> = {
  python: { extension: '.py', weights: 'pt', write: pythonCode },
  javascript: { extension: '.mjs', weights: 'safetensors', write: javascriptCode },
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
  const { extension, weights: format, write } = languages[language];
  const weights = await exportModel(directory, format);
  const code = write(await describeModel(directory, path.basename(weights)));
  const folder = path.dirname(weights);
  const script = `${path.parse(weights).name}${extension}`;
  await writeFileAtomic(path.join(folder, script), new TextEncoder().encode(code));
  return { script: path.join(folder, script), weights };
}

function requireTable(preprocessing: Preprocessing): TablePreprocessing {
  if (!isImages(preprocessing)) return preprocessing;
  const message = say(
    'scripts are written for models of tables; take the weights of this one with Export',
  );
  throw new AppError('export.unsupported', message);
}

function codeLayer({ name, config, inputShapes, outputShape }: ModelLayer): CodeLayer {
  if (isWritable(config)) return { name, config, inputShape: inputShapes[0]!, outputShape };
  const message = say`scripts cannot have layers of type ${config.type} yet; take the weights with Export`;
  throw new AppError('export.unsupported', message);
}

async function describeModel(directory: string, weightsFile: string): Promise<ModelCode> {
  const opened = await openRun(directory);
  const { config, model } = storedModel(opened);
  const codeLayers = model.layers.map(codeLayer);
  const { example } = await runInputs(directory);
  return {
    name: opened.record.name,
    layers: codeLayers,
    preprocessing: requireTable(opened.preprocessing),
    output: outputKind(opened.preprocessing.target, config, model.outputShape),
    example,
    weightsFile,
  };
}
