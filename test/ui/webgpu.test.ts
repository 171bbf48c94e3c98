/** Trainings on a GPU (in software, where there is none) in a real VS Code: both samples, and where its name stands. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { gpuForTests } from '../kit/gpu.ts';
import { vulkanEnvironment } from '../softwareVulkan.mjs';
import {
  plotData,
  poll,
  shoot,
  showHover,
  statusItem,
  trainFromMenu,
  untilPlotState,
  useWindow,
} from './uiKit.ts';

const samples = path.resolve(import.meta.dirname, '../../samples');
const gpu = await gpuForTests();

/** Few enough for a GPU in software. */
const epochs = { penguins: 5, digits: 1 } as const;
const names = ['penguins', 'digits'] as const;

/** The samples with `device: webgpu`. */
function addConfigs(folder: string): void {
  fs.cpSync(path.join(samples, 'digits/images'), path.join(folder, 'images'), { recursive: true });
  for (const name of names) {
    const text = fs.readFileSync(path.join(samples, name, `${name}.train.yaml`), 'utf8');
    const changed = text.replace(/epochs: \d+/, `epochs: ${epochs[name]}\n  device: webgpu`);
    fs.writeFileSync(path.join(folder, `gpu-${name}.train.yaml`), changed);
  }
}

function isCompleted(runs: string, name: string): boolean {
  const all = fs.existsSync(runs) ? fs.readdirSync(runs) : [];
  const record = all
    .filter((run) => run.includes(name))
    .map((run) => path.join(runs, run, 'run.json'))
    .find((file) => fs.existsSync(file));
  return record !== undefined && fs.readFileSync(record, 'utf8').includes('"state": "completed"');
}

if ('reason' in gpu) describe('WebGPU', () => it.skip(`needs a GPU (${gpu.reason})`));
else {
  describe(`WebGPU on ${gpu.adapter}`, () => {
    const window = useWindow({
      env: vulkanEnvironment(),
      prepare: ({ folder }) => addConfigs(folder),
    });
    let page: Page;
    before(() => {
      ({ page } = window);
    });

    it('is listed with its adapter', async () => {
      await page.locator('.activitybar .action-label[aria-label*="Trainbench"]').first().click();
      const rows = page.locator('.pane-body .monaco-list-row', { hasText: 'webgpu' });
      await rows.filter({ hasText: gpu.adapter }).first().waitFor();
      await shoot(page, 'webgpu-devices-dark');
      await page.locator('.activitybar .action-label[aria-label*="Explorer"]').first().click();
    });

    for (const name of names) {
      it(`trains the ${name}, and names the adapter`, async () => {
        await trainFromMenu(page, `gpu-${name}.train.yaml`);
        // The plot of the training before is completed too.
        await page.locator('.tab', { hasText: `Loss: gpu-${name}` }).waitFor();
        await poll(() => isCompleted(path.join(window.ui.folder, 'runs'), name));
        await untilPlotState(page, 'completed');
        assert.ok(Number((await plotData(page))['points']) > 10);
        await showHover(window, statusItem(page), gpu.adapter);
        await shoot(page, `webgpu-${name}-dark`);
      });
    }
  });
}
