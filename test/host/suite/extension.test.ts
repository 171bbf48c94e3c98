import assert from 'node:assert/strict';
import fs from 'node:fs';
import {
  commands,
  extensions,
  languages,
  Range,
  Uri,
  window,
  workspace,
  WorkspaceEdit,
} from 'vscode';
import { commandIds } from '../../../src/extension/commands/commandTable.ts';
import type { TrainbenchApi } from '../../../src/extension/main.ts';
import * as kit from './hostKit.ts';

const train = (config: Uri) => commands.executeCommand('trainbench.run.start', config);

function lossTabs() {
  const tabs = window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.filter(({ label }) => label.startsWith('Loss'));
}

describe('the extension in VS Code', () => {
  let api: TrainbenchApi;

  before(async () => {
    await kit.until('activation', () => extensions.getExtension(kit.extensionId)?.isActive);
    api = await kit.trainbench();
  });

  it('has registered every command of its table', async () => {
    const all = await commands.getCommands(true);
    assert.deepEqual(
      commandIds.filter((id) => !all.includes(id)),
      [],
    );
  });

  it('loads at most 300 KB to activate', () => {
    const extension = extensions.getExtension(kit.extensionId)!;
    const bundle = Uri.joinPath(extension.extensionUri, 'dist', 'extension.cjs').fsPath;
    assert.ok(fs.statSync(bundle).size <= 300 * 1024);
  });

  it('starts its core before the first click', async () => {
    const [pid] = await kit.until('a warm core', () => kit.corePids().length > 0 && kit.corePids());
    assert.ok(pid);
  });

  it('trains the sample and keeps the run', async () => {
    await train(kit.workspaceFile('penguins.train.yaml'));
    const run = await kit.untilState(api, 'completed', 'failed');
    assert.equal(run.state, 'completed', run.end?.verdict);
    assert.ok(run.info);
    assert.equal(run.epochs.length, run.info.epochs);
    assert.equal(run.steps, run.info.epochs * run.info.stepsPerEpoch);
    assert.ok(run.epochs.at(-1)!.loss < run.epochs[0]!.loss / 2, 'the loss did not fall');
    assert.ok((run.epochs.at(-1)!.metrics['val_accuracy'] ?? 0) > 0.9);
    const kept = fs.readdirSync(run.info.directory);
    for (const part of ['config.json', 'columns', 'checkpoints', 'run.json']) {
      assert.ok(kept.includes(part), `${part} is missing in ${run.info.directory}`);
    }
    assert.match(run.end?.verdict ?? '', /\d+ of \d+ right/);
  });

  it('opens one loss plot for all runs', async () => {
    await kit.until('the tab of the plot', () => lossTabs().length > 0);
    await train(kit.workspaceFile('penguins.train.yaml'));
    await kit.untilState(api, 'completed');
    assert.equal(lossTabs().length, 1);
    await window.tabGroups.close(lossTabs());
    await kit.until('the closed tab', () => lossTabs().length === 0);
    await commands.executeCommand('trainbench.plot.show');
    await kit.until('the tab again', () => lossTabs().length === 1);
  });

  it('lets go of a plot that was closed', async () => {
    const listeners = () => api.store.listenerCount;
    await window.tabGroups.close(lossTabs());
    await kit.until('the closed tab', () => lossTabs().length === 0);
    const before = listeners();
    for (let i = 0; i < 3; i++) {
      await commands.executeCommand('trainbench.plot.show');
      await kit.until('the open tab', () => lossTabs().length === 1);
      await window.tabGroups.close(lossTabs());
      await kit.until('the closed tab', () => lossTabs().length === 0);
    }
    assert.equal(listeners(), before);
  });

  it('saves the editor before it trains what is in it', async () => {
    const config = kit.configFromSample('unsaved.train.yaml', [/epochs: \d+/, 'epochs: 3']);
    const document = await workspace.openTextDocument(config);
    const at = document.getText().indexOf('epochs: 3') + 'epochs: '.length;
    const edit = new WorkspaceEdit();
    edit.replace(config, new Range(document.positionAt(at), document.positionAt(at + 1)), '2');
    assert.ok(await workspace.applyEdit(edit));
    assert.ok(document.isDirty);
    await train(config);
    const run = await kit.untilState(api, 'completed', 'failed');
    assert.equal(document.isDirty, false);
    assert.equal(run.epochs.length, 2);
  });

  it('puts the problems of a bad config on their lines, and takes them away once it is mended', async () => {
    const config = kit.configFromSample('bad.train.yaml', [/batch_size: \d+/, 'batch_sise: 20']);
    await train(config);
    const [problem] = await kit.until('a problem', () => {
      const problems = languages.getDiagnostics(config);
      return problems.length > 0 && problems;
    });
    const document = await workspace.openTextDocument(config);
    assert.ok(problem);
    assert.equal(problem.source, 'trainbench');
    assert.match(document.lineAt(problem.range.start.line).text, /batch_sise/);
    assert.match(problem.message, /batch_size/);
    assert.notEqual(api.store.run?.file, config.fsPath, 'a run began');
    const edit = new WorkspaceEdit();
    const at = document.getText().indexOf('batch_sise');
    edit.replace(
      config,
      new Range(document.positionAt(at), document.positionAt(at + 10)),
      'batch_size',
    );
    await workspace.applyEdit(edit);
    await document.save();
    await kit.until('no problem', () => languages.getDiagnostics(config).length === 0);
  });

  it('pauses, continues, and stops a run that it keeps', async () => {
    await train(kit.longConfig('long.train.yaml'));
    await kit.until('the first steps', () => (api.store.run?.steps ?? 0) > 0);
    await commands.executeCommand('trainbench.run.pause');
    const paused = await kit.untilState(api, 'paused');
    const steps = paused.steps;
    await commands.executeCommand('trainbench.run.continue');
    await kit.until('more steps', () => (api.store.run?.steps ?? 0) > steps);
    await commands.executeCommand('trainbench.run.stop');
    const stopped = await kit.untilState(api, 'stopped');
    assert.ok(fs.existsSync(stopped.info!.directory));
    assert.equal(stopped.end?.status, 'stopped');
  });

  it('keeps a run as interrupted whose core was killed, and trains again with a new one', async () => {
    const [pid] = kit.corePids();
    await train(kit.longConfig('killed.train.yaml'));
    await kit.until('the first steps', () => (api.store.run?.steps ?? 0) > 0);
    process.kill(pid!, 'SIGKILL');
    const lost = await kit.untilState(api, 'interrupted');
    assert.match(lost.end?.verdict ?? '', /by signal SIGKILL/);
    await train(kit.workspaceFile('penguins.train.yaml'));
    await kit.untilState(api, 'completed');
    assert.equal(kit.corePids().length, 1);
    assert.notEqual(kit.corePids()[0], pid);
  });
});
