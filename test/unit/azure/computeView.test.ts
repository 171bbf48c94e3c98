/** What the tree says of computes: three states that are never one, nodes, prices. */
import assert from 'node:assert/strict';
import type { ComputeProperties, ComputeTarget } from '../../../src/azure/computes.ts';
import { computeDetails } from '../../../src/extension/azure/computeDetails.ts';
import { computeView } from '../../../src/extension/azure/computeView.ts';
import { fillIn } from '../../../src/shared/numberFormat.ts';

const t = (text: string, ...values: (string | number)[]) => fillIn(text, ...values);
const price = { amount: 0.5, currency: 'USD' };

function view(properties: ComputeProperties, busy: string | null = null) {
  const compute: ComputeTarget = { name: 'one', properties };
  return computeView({ compute, price, busy, readAt: null }, t, 'en');
}

const size = { vmSize: 'Standard_DS3_v2' };

describe('the look of a compute', () => {
  it('says what an attached kind can do, and what is retired', () => {
    const machine = view({ computeType: 'VirtualMachine', isAttachedCompute: true });
    assert.match(machine.description, /VirtualMachine · training, pipelines$/);
    assert.ok(machine.details.includes('Can do: training, pipelines'));
    const lake = view({ computeType: 'DataLakeAnalytics', isAttachedCompute: true });
    assert.match(lake.description, /retired$/);
    const facts = { price: null, busy: null, readAt: null, nodes: [], json: {} };
    const compute: ComputeTarget = {
      name: 'lake',
      properties: { computeType: 'DataLakeAnalytics' },
    };
    assert.match(
      computeDetails({ ...facts, compute }, t, 'en'),
      /Today: a Spark job or Databricks/,
    );
  });

  it('keeps provisioning, instance and allocation apart', () => {
    const instance = view({
      computeType: 'ComputeInstance',
      provisioningState: 'Succeeded',
      properties: { ...size, state: 'Stopped' },
    });
    assert.equal(instance.description, 'stopped · $0.50 an hour when it runs · Standard_DS3_v2');
    assert.deepEqual(instance.details.slice(1, 3), ['Provisioning: ready', 'Instance: stopped']);
    const cluster = view({
      computeType: 'AmlCompute',
      provisioningState: 'Succeeded',
      properties: { ...size, allocationState: 'Resizing', currentNodeCount: 0 },
    });
    assert.deepEqual(cluster.details.slice(1, 3), ['Provisioning: ready', 'Allocation: resizing']);
    assert.equal(cluster.icon, 'loading~spin');
    const both = view({
      computeType: 'ComputeInstance',
      provisioningState: 'Updating',
      properties: { ...size, state: 'Running' },
    });
    assert.match(both.description, /^being updated · running · /);
  });

  it('counts nodes by what they do, and what runs costs', () => {
    const cluster = view({
      computeType: 'AmlCompute',
      properties: {
        ...size,
        allocationState: 'Steady',
        currentNodeCount: 3,
        scaleSettings: { maxNodeCount: 8 },
        nodeStateCounts: { runningNodeCount: 2, unusableNodeCount: 1, preemptedNodeCount: 4 },
      },
    });
    assert.equal(
      cluster.description,
      '3 of 8 nodes: 2 running, 1 unusable, 4 preempted · $1.50 an hour · Standard_DS3_v2',
    );
    assert.equal(cluster.icon, 'warning');
  });

  it('shows a state that the service has added as it comes', () => {
    const state = 'Hibernating' as 'Stopped';
    const instance = view({ computeType: 'ComputeInstance', properties: { ...size, state } });
    assert.match(instance.description, /^Hibernating · /);
  });

  it('shows what this window does in place of states, and offers no menu then', () => {
    const properties = { ...size, state: 'Running' } as const;
    const busy = view({ computeType: 'ComputeInstance', properties }, 'stopping…');
    assert.match(busy.description, /^stopping… · /);
    assert.equal(busy.contextValue, 'azure.compute.instances.busy');
    const idle = view({ computeType: 'ComputeInstance', properties });
    assert.equal(idle.contextValue, 'azure.compute.instances.own.running');
  });

  it('tells errors of its provisioning, each once', () => {
    const error = { error: { code: 'QuotaExceeded', message: 'no cores' } };
    const failed = view({
      computeType: 'AmlCompute',
      provisioningState: 'Failed',
      provisioningErrors: [error],
      properties: { ...size, errors: [error] },
    });
    assert.equal(failed.icon, 'error');
    assert.equal(failed.details.filter((line) => line === 'QuotaExceeded: no cores').length, 1);
  });

  it('lets nothing from the service act as Markdown', () => {
    const compute: ComputeTarget = {
      name: '[x](command:evil)',
      properties: { computeType: 'Databricks', description: '<img src=x> **bold**\n# head' },
    };
    const facts = { compute, price: null, busy: null, readAt: null, nodes: [] };
    const text = computeDetails({ ...facts, json: { a: '```\n# b' } }, t, 'en');
    assert.doesNotMatch(text, /\]\(command|(?<!\\)<img|(?<!\\)\*\*?bold|^# head|^# b/m);
  });
});
