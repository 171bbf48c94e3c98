/** Where a backend answers without waiting, the core takes a shorter way through an epoch and writes the same run. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Backend } from '../../src/core/backends/backend.ts';
import { createWasmBackend } from '../../src/core/backends/wasm/wasmBackend.ts';
import { readColumns } from '../../src/core/runs/openRun.ts';
import { createTinyProject, type TinyProject } from '../kit/tinyProject.ts';
import { lastState, train, withoutTime } from '../kit/trainRun.ts';

const epochs = 60;

/** What the backend does, only through promises. */
function waitingBackend(): Backend {
  const backend = createWasmBackend();
  return {
    ...backend,
    async compile(program) {
      const { direct, ...rest } = await backend.compile(program);
      assert.ok(direct !== undefined, 'this program runs in this thread');
      return rest;
    },
  };
}

function filesOf(directory: string): string[] {
  return readdirSync(directory, { recursive: true }).map(String).sort();
}

function linesOf(directory: string, file: string): string[] {
  return readFileSync(path.join(directory, file), 'utf8').trimEnd().split('\n');
}

describe('a backend that answers without waiting', function () {
  this.timeout(60_000);
  let project: TinyProject;
  before(() => (project = createTinyProject({ epochs, rows: 70 })));
  after(() => project.remove());

  it('leads to the same steps, records, files and weights as one that is waited for', async () => {
    const [quick, waiting] = [
      await train(project, { createBackend: () => Promise.resolve(createWasmBackend()) }),
      await train(project, { createBackend: () => Promise.resolve(waitingBackend()) }),
    ];
    const [own, other] = [quick.run.info.directory, waiting.run.info.directory];
    assert.deepEqual(await readColumns(own), await readColumns(other));
    assert.deepEqual(quick.epochs.map(withoutTime), waiting.epochs.map(withoutTime));
    assert.equal(quick.epochs.length, epochs);
    assert.deepEqual(await lastState(own), await lastState(other));
    // One line and one snapshot for each epoch, whatever was written together.
    for (const directory of [own, other]) {
      assert.equal(linesOf(directory, 'epochs.jsonl').length, epochs);
      const weights = filesOf(path.join(directory, 'weights')).map((name) => name.match(/\d+/g)!);
      const kept = weights.flatMap(([first, last]) =>
        Array.from({ length: Number(last) - Number(first) + 1 }, (_, i) => Number(first) + i),
      );
      assert.deepEqual(
        kept,
        Array.from({ length: epochs + 1 }, (_, epoch) => epoch),
      );
    }
    const withoutWeights = (names: string[]) => names.filter((name) => !/^weights./.test(name));
    assert.deepEqual(withoutWeights(filesOf(own)), withoutWeights(filesOf(other)));
    const kinds = ({ events }: typeof quick) => [...new Set(events.map(({ kind }) => kind))].sort();
    assert.deepEqual(kinds(quick), kinds(waiting));
  });
});
