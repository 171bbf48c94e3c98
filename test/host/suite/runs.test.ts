import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {
  commands,
  ConfigurationTarget,
  DiagnosticSeverity,
  languages,
  tasks,
  window,
  workspace,
} from 'vscode';
import type { CodeLens, TaskExecution } from 'vscode';
import type { TrainbenchApi } from '../../../src/extension/main.ts';
import { headerBytes } from '../../../src/shared/columns/columnFormat.ts';
import * as kit from './hostKit.ts';

const config = () => kit.workspaceFile('penguins.train.yaml');

async function lensTitles(of = config()): Promise<readonly string[]> {
  await window.showTextDocument(of);
  const lenses = await commands.executeCommand<CodeLens[]>('vscode.executeCodeLensProvider', of);
  return lenses.map(({ command }) => command?.title ?? '');
}

/** Resolves with the exit code of the task's process. */
function ended(execution: TaskExecution): Promise<number | undefined> {
  return new Promise((resolve) => {
    const subscription = tasks.onDidEndTaskProcess((event) => {
      if (event.execution !== execution) return;
      subscription.dispose();
      resolve(event.exitCode);
    });
  });
}

describe('runs on disk', () => {
  let api: TrainbenchApi;

  before(async () => {
    api = await kit.trainbench();
  });

  it('come from a task, which trains in the terminal, and are listed without being asked', async () => {
    const found = await tasks.fetchTasks({ type: 'trainbench' });
    const task = found.find(({ definition }) => definition['config'] === 'penguins.train.yaml');
    assert.ok(task, 'there is no task for the sample');
    assert.equal(task.name, 'penguins');
    const before = api.index.runs.length;
    const code = await ended(await tasks.executeTask(task));
    assert.equal(code, 0);
    const run = await kit.until('the run in the index', () => {
      return api.index.runs.length > before && api.index.runs[0];
    });
    assert.equal(run.state, 'completed');
    assert.equal(run.configFile, config().fsPath);
    assert.ok((run.score?.correct ?? 0) > 80, JSON.stringify(run.score));
    assert.ok(run.baseline);
  });

  it('open in a plot of their own, one for each', async () => {
    const run = api.index.runs[0]!;
    const plots = () =>
      window.tabGroups.all
        .flatMap(({ tabs }) => tabs)
        .filter(({ label }) => label === 'Loss: penguins');
    const before = plots().length;
    await commands.executeCommand('trainbench.run.open', { kind: 'run', run });
    await kit.until('the plot', () => plots().length === before + 1);
    await commands.executeCommand('trainbench.run.open', run.directory);
    assert.equal(plots().length, before + 1);
  });

  it('go on to more steps when they are resumed', async () => {
    await commands.executeCommand('trainbench.run.start', kit.longConfig('long.train.yaml'));
    await kit.until('the first epochs', () => (api.store.run?.epochs.length ?? 0) > 1);
    await commands.executeCommand('trainbench.run.stop');
    const stopped = await kit.untilState(api, 'stopped');
    const directory = stopped.info!.directory;
    const epochs = stopped.epochs.length;
    await kit.until('the stopped run', () => api.index.find(directory)?.state === 'stopped');
    await commands.executeCommand('trainbench.run.resume', directory);
    await kit.until('more epochs', () => (api.store.run?.epochs.length ?? 0) > epochs);
    assert.equal(api.store.run?.info?.directory, directory);
    await commands.executeCommand('trainbench.run.stop', directory);
    const again = await kit.untilState(api, 'stopped');
    const numbers = again.epochs.map(({ epoch }) => epoch);
    assert.deepEqual(
      numbers,
      numbers.map((_, i) => i + 1),
    );
    const file = path.join(directory, 'columns', 'loss.f32');
    const loss = new Float32Array(Uint8Array.from(fs.readFileSync(file)).buffer, headerBytes);
    assert.equal(loss.length, again.steps);
    assert.ok(!loss.some(Number.isNaN), 'the resumed curve has a hole');
  });

  it('put Train and Predict above their config, unless the setting hides them', async () => {
    assert.deepEqual(await lensTitles(), ['$(play) Train', 'Predict', 'Predict CSV…']);
    const settings = workspace.getConfiguration();
    await settings.update('trainbench.codeLens.enabled', false, ConfigurationTarget.Global);
    assert.deepEqual(await lensTitles(), []);
    await settings.update('trainbench.codeLens.enabled', undefined, ConfigurationTarget.Global);
  });

  it('put the problems of a config there instead of Train, while it has any', async () => {
    const bad = kit.configFromSample('bad-lens.train.yaml', [/batch_size: \d+/, 'batch_sise: 20']);
    const untilLens = (title: string) =>
      kit.untilAsync(title, async () => (await lensTitles(bad)).join() === title);
    await untilLens('$(error) Cannot be trained: 1 problem');
    const [problem] = languages.getDiagnostics(bad);
    assert.match(problem?.message ?? '', /batch_sise/, 'an open config is not checked');
    await commands.executeCommand('trainbench.config.problems', bad);
    assert.deepEqual(window.activeTextEditor?.selection.start, problem?.range.start);
    fs.writeFileSync(bad.fsPath, fs.readFileSync(config().fsPath));
    await untilLens('$(play) Train');
    await kit.until('no problem', () => languages.getDiagnostics(bad).length === 0);
  });

  it('turn problems of a task into entries of the Problems panel', async () => {
    const bad = kit.configFromSample('bad-task.train.yaml', [/batch_size: \d+/, 'batch_sise: 20']);
    const found = await tasks.fetchTasks({ type: 'trainbench' });
    const name = path.basename(bad.fsPath);
    const task = found.find(({ definition }) => definition['config'] === name);
    assert.ok(task);
    assert.notEqual(await ended(await tasks.executeTask(task)), 0);
    const problem = await kit.until('the problem', () =>
      languages.getDiagnostics(bad).find(({ message }) => message.includes('batch_sise')),
    );
    const document = await workspace.openTextDocument(bad);
    assert.match(document.lineAt(problem.range.start.line).text, /batch_sise/);
    assert.equal(problem.source, 'trainbench');
    const severities = languages.getDiagnostics(bad).map(({ severity }) => severity);
    assert.ok(!severities.includes(DiagnosticSeverity.Information));
  });
});
