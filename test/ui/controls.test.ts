/** The controls of an endless run that starts paused: every step that the plot shows is in the run's files. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { headerBytes } from '../../src/shared/columns/columnFormat.ts';
import * as workbench from '../vscode-host/workbench.ts';
import { viewOfTab } from './reloadKit.ts';
import {
  chooseForFile,
  plotData,
  poll,
  shoot,
  statusItem,
  untilPlotState,
  useWindow,
} from './uiKit.ts';

const stepsPerEpoch = 48;

describe('an endless run that starts paused', () => {
  const window = useWindow();
  let page: Page;

  before(() => {
    ({ page } = window);
  });

  const directory = () => {
    const parent = path.join(window.ui.folder, 'runs');
    return path.join(parent, fs.readdirSync(parent).sort().at(-1)!);
  };

  /** Training losses that are on disk. */
  function stepsOnDisk(): number {
    return readLosses().length;
  }

  function readLosses(): Float32Array {
    const file = path.join(directory(), 'columns', 'loss.f32');
    if (!fs.existsSync(file)) return new Float32Array(0);
    // A copy of its own begins where a float may begin.
    const bytes = Uint8Array.from(fs.readFileSync(file).subarray(headerBytes));
    return new Float32Array(bytes.buffer, 0, Math.floor(bytes.length / 4));
  }

  const record = () =>
    JSON.parse(fs.readFileSync(path.join(directory(), 'run.json'), 'utf8')) as {
      readonly state: string;
      readonly step: number;
      readonly epochsDone: number;
    };

  const command = (title: string) => workbench.runCommand(page, `Trainbench: ${title}`);
  const points = async () => Number((await plotData(page))['points']);

  async function untilPoints(count: number): Promise<void> {
    await viewOfTab(page, 'Loss: penguins', `#view[data-points="${count}"]`);
  }

  it('waits before its first step', async () => {
    await chooseForFile(page, 'long.train.yaml', 'Train Step by Step');
    await untilPlotState(page, 'paused');
    await statusItem(page).filter({ hasText: 'penguins: paused' }).waitFor();
    assert.equal(await points(), 0);
    assert.equal(record().step, 0);
    await shoot(page, 'controls-start-dark');
  });

  it('takes one step at a time', async () => {
    for (let step = 1; step <= 3; step++) {
      await command('Train One Step');
      await untilPoints(step);
      await untilPlotState(page, 'paused');
    }
    await poll(() => stepsOnDisk() === 3);
  });

  it('trains on when it may, and stands still at a pause', async () => {
    await command('Continue Training');
    await untilPlotState(page, 'running');
    await statusItem(page)
      .filter({ hasText: /epoch \d/ })
      .waitFor();
    await command('Pause Training');
    await untilPlotState(page, 'paused');
    const paused = await points();
    assert.ok(paused > 3);
    // Steps after this pause would be missing from the next test's count.
    await poll(() => stepsOnDisk() === paused);
  });

  it('steps on from there, over the end of an epoch', async () => {
    const paused = await points();
    const more = stepsPerEpoch - (paused % stepsPerEpoch) + 1;
    for (let step = 1; step <= more; step++) {
      await workbench.webview(page).locator('#view[data-state="paused"] #step').click();
      await untilPoints(paused + step);
    }
    const { epochs } = await plotData(page);
    assert.equal(Number(epochs), Math.floor((paused + more) / stepsPerEpoch));
    await shoot(page, 'controls-stepped-dark');
  });

  it('stops where it stands and keeps every step', async () => {
    const paused = await points();
    await command('Stop Training and Keep the Run');
    await untilPlotState(page, 'stopped');
    await poll(() => record().state === 'stopped');
    assert.equal(record().step, paused);
    assert.equal(record().epochsDone, Math.floor(paused / stepsPerEpoch));
    const losses = readLosses();
    assert.equal(losses.length, paused);
    assert.ok(losses.every((loss) => Number.isFinite(loss)));
    const data = await plotData(page);
    assert.equal(Math.fround(Number(data['lastLoss'])), losses.at(-1));
  });

  it('stops while it trains, too', async () => {
    await chooseForFile(page, 'long.train.yaml', 'Train Step by Step');
    await untilPlotState(page, 'paused');
    await command('Continue Training');
    await untilPlotState(page, 'running');
    await command('Stop Training and Keep the Run');
    await untilPlotState(page, 'stopped');
    await poll(() => record().state === 'stopped');
    const { step } = record();
    assert.equal(await points(), step);
    assert.equal(stepsOnDisk(), step);
  });
});
