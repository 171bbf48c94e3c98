/** What can go wrong with a GPU while it trains, and who else may use it meanwhile. */
import assert from 'node:assert/strict';
import path from 'node:path';
import type { Backend } from '../../src/core/backends/backend.ts';
import { chooseAdapter } from '../../src/core/backends/webgpu/openAdapter.ts';
import { WebgpuDevice } from '../../src/core/backends/webgpu/device.ts';
import { webgpuBackendOn } from '../../src/core/backends/webgpu/webgpuBackend.ts';
import { listCheckpoints } from '../../src/core/runs/checkpoints.ts';
import { openRunFiles, readEpochs } from '../../src/core/runs/openRun.ts';
import { resumeRun, startRun } from '../../src/core/train/run.ts';
import { isError } from '../../src/shared/errors.ts';
import type { BackendRequest, TrainingRun } from '../../src/core/train/trainingRun.ts';
import { assertClose } from '../kit/close.ts';
import { describeOnGpu } from '../kit/gpu.ts';
import { createTinyProject, type TinyProject } from '../kit/tinyProject.ts';
import { tolerances } from '../kit/tolerance.ts';
import { train, trainingBackends } from '../kit/trainRun.ts';

await describeOnGpu('a GPU', (adapter) => {
  const projects: TinyProject[] = [];
  const project = (epochs: number): TinyProject => {
    projects.push(createTinyProject({ epochs }));
    return projects.at(-1)!;
  };
  afterEach(() => projects.splice(0).forEach((p) => p.remove()));

  async function open(): Promise<{ owner: WebgpuDevice; backend: Backend }> {
    const found = await chooseAdapter(adapter);
    const owner = await WebgpuDevice.open(found.adapter);
    return { owner, backend: webgpuBackendOn(owner, found) };
  }

  /** Resolves once the run has a checkpoint to go on from. */
  async function untilCheckpoint(run: TrainingRun): Promise<void> {
    const folder = path.join(run.info.directory, 'checkpoints');
    await new Promise<void>((resolve) => {
      run.onEvent((event) => {
        if (event.kind !== 'epochs') return;
        void listCheckpoints(folder).then((found) => found.length > 0 && resolve());
      });
    });
  }

  /** On the GPU, or where it is asked for on the CPU. */
  const anyBackend = async (request: BackendRequest): Promise<Backend> =>
    request.device === 'cpu' ? trainingBackends.wasm(request) : (await open()).backend;

  it('that is lost ends the run at its last checkpoint, which goes on on the CPU or the GPU', async function () {
    this.timeout(120_000);
    for (const device of ['cpu', 'webgpu'] as const) {
      const { owner, backend } = await open();
      const { config } = project(100_000);
      const run = await startRun({ file: config, createBackend: () => Promise.resolve(backend) });
      await untilCheckpoint(run);
      owner.device.destroy();
      const end = await run.done;
      assert.deepEqual([end.status, end.error?.code], ['failed', 'device.lost'], end.verdict);
      const { directory } = run.info;
      const before = await openRunFiles(directory);
      assert.equal(before.state, 'failed');

      const again = await resumeRun({ directory, device, createBackend: anyBackend });
      assert.ok(again.step > 0 && again.step <= end.step, `${again.step} of ${end.step}`);
      await untilNextEpoch(again);
      assert.equal((await again.stop()).status, 'stopped');
      const epochs = (await readEpochs(directory)).map(({ epoch }) => epoch);
      assert.deepEqual(
        epochs,
        epochs.map((_, i) => i + 1),
      );
      const { environment } = await openRunFiles(directory);
      assert.equal(environment.backend, device === 'cpu' ? 'wasm' : 'webgpu');
    }
  });

  it('that is lost while a result is on its way says so', async () => {
    const { owner } = await open();
    const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
    const staging = owner.device.createBuffer({ size: 4, usage });
    const map = staging.mapAsync.bind(staging);
    staging.mapAsync = async (...range) => {
      await map(...range);
      owner.device.destroy();
    };
    await assert.rejects(owner.contents(staging, 4), (error) => isError(error, 'device.lost'));
  });

  it('that runs out of memory in mid-run says so', async () => {
    const { owner, backend } = await open();
    const run = await startRun({
      file: project(100_000).config,
      createBackend: () => Promise.resolve(backend),
    });
    const error = new GPUOutOfMemoryError('tried to allocate 9 GB');
    await untilNextEpoch(run);
    const event = new GPUUncapturedErrorEvent('uncapturederror', { error });
    owner.device.dispatchEvent(event);
    const end = await run.done;
    assert.deepEqual([end.status, end.error?.code], ['failed', 'device.outOfMemory'], end.verdict);
    assert.match(end.verdict, /9 GB/);
  });

  it('says whether it has room, and has it again afterwards', async () => {
    const { owner, backend } = await open();
    for (let i = 0; i < 3; i++) assert.equal(await owner.holds(2 ** 28), true);
    owner.check();
    backend.destroy();
  });

  it('is shared by two runs, which train as each does alone', async function () {
    this.timeout(120_000);
    const createBackend = async () => (await open()).backend;
    const one = () => train(project(20), { createBackend });
    const losses = ({ epochs }: Awaited<ReturnType<typeof one>>) => epochs.map(({ loss }) => loss);
    const alone = losses(await one());
    const together = await Promise.all([one(), one()]);
    for (const trained of together) assert.deepEqual(losses(trained), alone);
    const cpu = losses(await train(project(20), { createBackend: trainingBackends.wasm }));
    assertClose(alone, cpu, tolerances.training);
  });
});

function untilNextEpoch(run: TrainingRun): Promise<void> {
  return new Promise((resolve) => {
    run.onEvent((event) => event.kind === 'epochs' && resolve());
  });
}
