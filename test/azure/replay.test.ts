/** The official response examples of 2024-04-01, through the client as the service would send them, to what the tree says. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { computesOf, listNodes } from '../../src/azure/computes.ts';
import { listUsages, VmSizes } from '../../src/azure/vmSizes.ts';
import { workspacesOf } from '../../src/azure/workspaces.ts';
import { computeDetails } from '../../src/extension/azure/computeDetails.ts';
import { computeView } from '../../src/extension/azure/computeView.ts';
import { fillIn } from '../../src/shared/numberFormat.ts';
import { penguins, useRig } from './rigKit.ts';

const examples = path.resolve(
  import.meta.dirname,
  '../../../shared/azure-specs/specification/machinelearningservices/resource-manager',
  'Microsoft.MachineLearningServices/stable/2024-04-01/examples',
);
const region = { subscriptionId: penguins.subscriptionId, location: 'eastus' };

interface Example {
  readonly responses: Readonly<Record<string, { readonly body?: Record<string, unknown> }>>;
}

function bodiesOf(file: string): readonly Record<string, unknown>[] {
  const { responses } = JSON.parse(fs.readFileSync(file, 'utf8')) as Example;
  return Object.values(responses).flatMap(({ body }) => (body === undefined ? [] : [body]));
}

function filesBelow(folder: string): readonly string[] {
  return fs
    .readdirSync(path.join(examples, folder), { recursive: true })
    .map((name) => path.join(examples, folder, String(name)))
    .filter((file) => file.endsWith('.json'));
}

describe('the official examples', () => {
  const test = useRig({ onExchange: () => undefined });

  before(function () {
    if (!fs.existsSync(examples)) this.skip(); // ../shared is not on every machine
  });

  /** The next answer for such a path. Its link to a next page leads nowhere. */
  const answerWith = (at: RegExp, body: object) =>
    test.rig.faults.add({ at, times: 1, answer: { status: 200, headers: {}, body } });
  const t = (text: string, ...values: (string | number)[]) => fillIn(text, ...values);

  it('of computes all render, each with its name and its states', async () => {
    const bodies = filesBelow('Compute').flatMap(bodiesOf);
    const computes = bodies.flatMap((body) =>
      Array.isArray(body['value']) ? (body['value'] as object[]) : 'id' in body ? [body] : [],
    );
    assert.ok(computes.length >= 15, `only ${computes.length} examples`);
    answerWith(/GET .*\/computes$/, { value: computes });
    const read = await computesOf(test.connect(), penguins).first();
    assert.equal(read.length, computes.length);
    const views = read.map((compute) => {
      const facts = { compute, price: null, busy: null, readAt: null };
      const document = computeDetails({ ...facts, nodes: [], json: compute }, t, 'en');
      assert.ok(document.startsWith(`# ${compute.name}\n`), document);
      return computeView(facts, t, 'en');
    });
    for (const view of views) {
      assert.notEqual(view.label, '');
      assert.notEqual(view.description, '');
      assert.doesNotMatch(
        `${view.description} ${view.details.join()}`,
        /undefined|null|\{\d\}|NaN/,
      );
    }
    const resizing = views.find(({ description }) =>
      /^resizing · .*STANDARD_NC6/.test(description),
    );
    assert.ok(resizing?.description.includes('0 of 1 nodes'), 'provisioned and yet resizing');
  });

  it('of workspaces, sizes, usages and nodes are read', async () => {
    const connection = test.connect();
    for (const name of ['listBySubscription', 'listByResourceGroup']) {
      const [body] = bodiesOf(path.join(examples, 'Workspace', `${name}.json`));
      assert.ok(body);
      answerWith(/GET .*\/workspaces$/, { ...body, nextLink: undefined });
      const workspaces = await workspacesOf(connection, penguins.subscriptionId).first();
      assert.equal(workspaces.length, (body['value'] as unknown[]).length);
      assert.ok(workspaces.every(({ resourceGroup }) => resourceGroup !== ''));
    }
    const [sizes] = bodiesOf(path.join(examples, 'VirtualMachineSize/list.json'));
    answerWith(/GET .*\/vmSizes$/, sizes!);
    const list = await new VmSizes(connection).list(region);
    assert.equal(list.length, (sizes!['value'] as unknown[]).length);
    const [usages] = bodiesOf(path.join(examples, 'Usage/list.json'));
    answerWith(/GET .*\/usages$/, { ...usages, nextLink: undefined });
    const used = await listUsages(connection, region);
    assert.equal(used.length, (usages!['value'] as unknown[]).length);
    const [nodes] = bodiesOf(path.join(examples, 'Compute/listNodes.json'));
    answerWith(/POST .*\/listNodes$/, { ...nodes, nextLink: undefined });
    const read = await listNodes(connection, penguins, 'cpu-cluster');
    assert.deepEqual(
      read.map(({ nodeState, port }) => [nodeState, port]),
      [
        ['running', 50000],
        ['idle', 50001],
      ],
    );
  });
});
