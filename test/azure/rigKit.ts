/** The rig for tests: its time stands still until a test moves it, and every exchange is held to the specification. */
import assert from 'node:assert/strict';
import { readCompute } from '../../src/azure/computes.ts';
import { AzureConnection } from '../../src/azure/connection.ts';
import { customCloud } from '../../src/azure/clouds.ts';
import { fakeCredential, fakeToken } from '../../src/azure/credentials.ts';
import type { AzureCredential } from '../../src/azure/credentials.ts';
import type { Wait } from '../../src/azure/retry.ts';
import { demoWorld } from '../../src/azureRig/demoWorld.ts';
import { startRig } from '../../src/azureRig/rig.ts';
import type { Rig, RigOptions } from '../../src/azureRig/rig.ts';
import type { AzureComputeNode, ComputesNode } from '../../src/extension/azure/azureNodes.ts';
import { Contract, hasSpecification, totalReport } from './contract.ts';

/** Of every file: the run ends with it. */
after(() => void process.stdout.write(totalReport()));

export class TestClock {
  #now = Date.parse('2026-01-02T03:04:05Z');

  now(): number {
    return this.#now;
  }

  advance(seconds: number): void {
    this.#now += 1000 * seconds;
  }
}

export interface TestRig {
  readonly rig: Rig;
  readonly clock: TestClock;
  readonly contract: Contract;
  /** What the log got. */
  readonly log: string[];
  readonly waits: Wait[];
  connect(credential?: AzureCredential): AzureConnection;
}

/** One rig for all tests of a `describe`; call it there, first. Faults end with each test. */
export function useRig(options: RigOptions = {}): TestRig {
  const clock = new TestClock();
  const contract = new Contract();
  const log: string[] = [];
  const waits: Wait[] = [];
  let rig: Rig | null = null;
  before(async function () {
    this.timeout(120_000); // the specification takes seconds to load
    const world = options.world ?? demoWorld(clock.now());
    rig = await startRig({ world, clock, onExchange: contract.check, ...options });
  });
  afterEach(() => rig?.faults.clear());
  after(async () => {
    await rig?.close();
    if (hasSpecification) process.stdout.write(contract.report());
    assert.deepEqual(contract.counts.violations, []);
    assert.ok(!log.some((line) => line.includes(fakeToken)), 'a token went to the log');
  });
  const started = () => {
    assert.ok(rig, 'the rig starts in a hook');
    return rig;
  };
  return {
    clock,
    contract,
    log,
    waits,
    get rig() {
      return started();
    },
    connect: (credential = fakeCredential) =>
      new AzureConnection({
        cloud: customCloud(started().endpoint),
        credential,
        log: (line) => log.push(line),
        onWait: (wait) => waits.push(wait),
      }),
  };
}

export const penguins = {
  subscriptionId: '00000000-0000-0000-0000-0000000000a1',
  resourceGroup: 'demo-training',
  name: 'penguins',
} as const;

/** A compute of the rig's first workspace, as the rig keeps it. */
export function storedIn({ world }: Rig, name: string) {
  const found = world.workspaces[0]?.computes.get(name);
  assert.ok(found, name);
  return found;
}

/** A compute of the penguins as the tree has it. */
export async function nodeIn(parent: ComputesNode, name: string): Promise<AzureComputeNode> {
  const compute = await readCompute(parent.connection, penguins, name);
  return { kind: 'azure.compute', id: name, parent, compute, price: null };
}

/** A small cluster, as sent. */
export function clusterBody(vmSize = 'Standard_DS3_v2'): object {
  return {
    location: 'eastus',
    properties: {
      computeType: 'AmlCompute',
      properties: {
        vmSize,
        vmPriority: 'Dedicated',
        scaleSettings: {
          minNodeCount: 0,
          maxNodeCount: 4,
          nodeIdleTimeBeforeScaleDown: 'PT120S',
        },
      },
    },
  };
}
