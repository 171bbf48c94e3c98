/**
 * Trainings on a GPU (in software, where there is none) in a real VS Code: both samples, where its name stands, and one whose
 * GPU is lost.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { gpuForTests } from '../kit/gpu.ts';
import { vulkanEnvironment } from '../softwareVulkan.mjs';
import * as workbench from '../vscode-host/workbench.ts';
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
/** While it is there GPUs are lost. */
const lossFile = path.join(os.tmpdir(), `trainbench-no-gpu-${process.pid}`);

/** The samples with `device: webgpu`. */
function addConfigs(folder: string): void {
  fs.cpSync(path.join(samples, 'digits/images'), path.join(folder, 'images'), { recursive: true });
  for (const name of names) {
    const text = fs.readFileSync(path.join(samples, name, `${name}.train.yaml`), 'utf8');
    const changed = text.replace(/epochs: \d+/, `epochs: ${epochs[name]}\n  device: webgpu`);
    fs.writeFileSync(path.join(folder, `gpu-${name}.train.yaml`), changed);
  }
  const long = fs.readFileSync(path.join(folder, 'long.train.yaml'), 'utf8');
  const endless = long.replace(/epochs: \d+/, '$&\n  device: webgpu');
  const named = endless.replace(/^name: .*$/m, 'name: endless');
  fs.writeFileSync(path.join(folder, 'endless.train.yaml'), named);
}

/** Of the run whose folder has `name` in its name, once there is one. */
function runFolder(folder: string, name: string): string | undefined {
  const runs = path.join(folder, 'runs');
  const all = fs.existsSync(runs) ? fs.readdirSync(runs) : [];
  return all.filter((run) => run.includes(name)).map((run) => path.join(runs, run))[0];
}

interface Record {
  readonly state: string;
  readonly step: number;
}

/** null while there is none. */
function recordOf(folder: string, name: string): Record | null {
  const file = path.join(runFolder(folder, name) ?? folder, 'run.json');
  return fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, 'utf8')) as Record) : null;
}

if ('reason' in gpu) describe('WebGPU', () => it.skip(`needs a GPU (${gpu.reason})`));
else {
  describe(`WebGPU on ${gpu.adapter}`, () => {
    const window = useWindow({
      env: { ...vulkanEnvironment(), TRAINBENCH_LOSE_GPU: lossFile },
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
        await poll(() => recordOf(window.ui.folder, name)?.state === 'completed');
        await untilPlotState(page, 'completed');
        assert.ok(Number((await plotData(page))['points']) > 10);
        await showHover(window, statusItem(page), gpu.adapter);
        await shoot(page, `webgpu-${name}-dark`);
      });
    }

    describe('that is lost', () => {
      const endless = 'endless';
      const record = () => recordOf(window.ui.folder, endless);
      const buttons = (text: string) =>
        page
          .locator('.notification-toast', { hasText: 'The GPU was lost' })
          .locator('.monaco-button', { hasText: text });

      /** The backend that the run computes with now. */
      function backend(): string {
        const file = path.join(runFolder(window.ui.folder, endless)!, 'environment.json');
        return (JSON.parse(fs.readFileSync(file, 'utf8')) as { backend: string }).backend;
      }

      /** The run fails, and VS Code offers both ways on. @returns its step */
      async function lose(): Promise<number> {
        fs.writeFileSync(lossFile, '');
        await buttons('Resume on the GPU').waitFor();
        await buttons('Resume on the CPU').waitFor();
        assert.equal(record()?.state, 'failed');
        fs.rmSync(lossFile);
        return record()!.step;
      }

      async function untilGoesOn(step: number): Promise<void> {
        await poll(() => record()?.state === 'running' && record()!.step > step);
      }

      after(() => fs.rmSync(lossFile, { force: true }));

      it('ends the run at its last checkpoint, and it goes on there or on the CPU', async () => {
        await trainFromMenu(page, `${endless}.train.yaml`);
        await untilGoesOn(0);
        const first = await lose();
        assert.ok(first > 0);
        await untilPlotState(page, 'failed');
        await shoot(page, 'webgpu-lost-dark');
        await buttons('Resume on the GPU').click();
        await untilGoesOn(first);
        assert.equal(backend(), 'webgpu');
        const second = await lose();
        await buttons('Resume on the CPU').click();
        await untilGoesOn(second);
        assert.equal(backend(), 'wasm');
        await shoot(page, 'webgpu-lost-on-cpu-dark');
        await workbench.runCommand(page, 'Trainbench: Stop Training and Keep the Run');
        await poll(() => record()?.state === 'stopped');
      });
    });
  });
}
