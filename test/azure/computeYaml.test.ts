/** YAML of computes as requests: every key arrives where the specification has it, and comes back from there. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { putCompute, readComputeJson, scaleCluster } from '../../src/azure/computes.ts';
import {
  computeRequest,
  documentOf,
  readComputeYaml,
} from '../../src/azure/yaml/computeDocument.ts';
import type { ComputeDocument } from '../../src/azure/yaml/computeDocument.ts';
import { durationSeconds } from '../../src/azure/yaml/codecs.ts';
import { valueIn, without } from '../../src/azure/yaml/fields.ts';
import { computeKinds } from '../../src/azure/yaml/kinds.ts';
import { penguins, useRig } from './rigKit.ts';

const own = path.join(import.meta.dirname, 'yaml');
const shared = path.resolve(import.meta.dirname, '../../../shared');
const place = { ...penguins, location: 'eastus' };

function read(file: string): ComputeDocument {
  const { compute, diagnostics } = readComputeYaml(fs.readFileSync(file, 'utf8'), file);
  assert.deepEqual(diagnostics, []);
  assert.ok(compute, file);
  return compute;
}

const ownFiles = fs.readdirSync(own).map((name) => path.join(own, name));

describe('YAML of computes', () => {
  const test = useRig({ pace: 0 });

  for (const file of ownFiles) {
    it(`creates what ${path.basename(file)} says, and shows it again`, async () => {
      const compute = read(file);
      const { apiVersion, body } = computeRequest(compute, place);
      const connection = test.connect();
      const target = { workspace: penguins, compute: compute.name };
      await putCompute(connection, { ...target, body, apiVersion });
      const answer = await readComputeJson(connection, penguins, compute.name, apiVersion);
      const shown = documentOf(answer, place);
      assert.ok(shown);
      const again = readComputeYaml(JSON.stringify(shown), 'again.yml');
      assert.deepEqual(again.diagnostics, []);
      assert.ok(again.compute);
      const resent = computeRequest(again.compute, place);
      assert.deepEqual(withoutSecrets(resent.body), withoutSecrets(body));
    });
  }

  it('has a fixture for every key of every kind', () => {
    const documents = ownFiles.map(read);
    for (const kind of computeKinds) {
      // From the files that the document names.
      const derived = (kind.files ?? []).map(({ text }) => text);
      const values = documents.filter((one) => one.kind === kind).map((one) => one.values);
      const lacking = kind.fields
        .map(({ key }) => key)
        .filter(
          (key) => !derived.includes(key) && values.every((one) => valueIn(one, key) === undefined),
        );
      const allowed = kind.type === 'computeinstance' ? scriptsElsewhere : attachedExtras;
      assert.deepEqual(
        lacking.filter((key) => !allowed.includes(key)),
        [],
        kind.type,
      );
    }
  });

  it('of other tools is accepted as it is', async function () {
    const folder = path.join(shared, 'fixtures/aml-yaml');
    if (!fs.existsSync(folder)) this.skip(); // ../shared is not on every machine
    const files = fs.readdirSync(folder).filter((name) => name.includes('--compute--'));
    assert.ok(files.length >= 3);
    for (const name of files) {
      const compute = read(path.join(folder, name));
      const { apiVersion, body } = computeRequest(compute, place);
      await putCompute(test.connect(), {
        workspace: penguins,
        compute: compute.name,
        body,
        apiVersion,
      });
    }
  });

  it('changes the scale of a cluster and nothing else', async () => {
    const connection = test.connect();
    const scale = { least: 0, most: 0, idleSeconds: 60 };
    await scaleCluster(connection, { workspace: penguins, compute: 'idle-cluster', scale });
    const answer = await readComputeJson(connection, penguins, 'idle-cluster');
    const settings = valueIn(answer, 'properties.properties.scaleSettings');
    const expected = { minNodeCount: 0, maxNodeCount: 0, nodeIdleTimeBeforeScaleDown: 'PT60S' };
    assert.deepEqual(settings, expected);
    assert.equal(valueIn(answer, 'properties.properties.vmSize'), 'Standard_D8s_v3');
  });
});

/** Of each script there is either a path or the script itself. */
const scriptsElsewhere = [
  'setup_scripts.creation_script.command',
  'setup_scripts.startup_script.path',
];
const attachedExtras = ['description', 'tags'];

function withoutSecrets(body: object): object {
  const inner = 'properties.properties';
  const secrets = ['userAccountCredentials', 'administratorAccount', 'databricksAccessToken'];
  const tls = ['sslConfiguration.cert', 'sslConfiguration.key'];
  const paths = [...secrets, ...tls].map((path) => `${inner}.${path}`);
  return without({ ...body }, paths);
}

describe('the official requests', () => {
  const examples = path.join(
    shared,
    'azure-specs/specification/machinelearningservices/resource-manager',
    'Microsoft.MachineLearningServices/stable/2024-04-01/examples/Compute',
  );
  before(function () {
    if (!fs.existsSync(examples)) this.skip(); // ../shared is not on every machine
  });

  const bodyOf = (name: string) => {
    const text = fs.readFileSync(path.join(examples, name), 'utf8');
    return (JSON.parse(text) as { parameters: { parameters: object } }).parameters.parameters;
  };

  /** What our documents add by default to what an example leaves open. */
  const defaults: Readonly<Record<string, readonly string[]>> = {
    'createOrUpdate/AmlCompute.json': ['vmSize', 'vmPriority'],
  };

  const expressible = [
    'createOrUpdate/AKSCompute.json',
    'createOrUpdate/BasicAKSCompute.json',
    'createOrUpdate/BasicDataFactoryCompute.json',
    'createOrUpdate/AmlCompute.json',
    'createOrUpdate/BasicAmlCompute.json',
    'createOrUpdate/ComputeInstance.json',
    'createOrUpdate/ComputeInstanceMinimal.json',
    'createOrUpdate/ComputeInstanceWithSchedules.json',
    'createOrUpdate/KubernetesCompute.json',
  ];

  for (const name of expressible) {
    it(`of ${name} come out equal, field by field, from YAML`, () => {
      const wanted = bodyOf(name);
      const document = documentOf({ name: 'example', ...wanted }, place);
      assert.ok(document);
      const { compute, diagnostics } = readComputeYaml(JSON.stringify(document), 'example.yml');
      assert.deepEqual(diagnostics, []);
      assert.ok(compute);
      const { body } = computeRequest(compute, place);
      const added = defaults[name] ?? [];
      assert.deepEqual(comparable(body, added), comparable(wanted));
    });
  }
});

/** Durations by their length; left out is what says nothing, and what is added. */
function comparable(value: unknown, added: readonly string[] = []): unknown {
  if (typeof value === 'string') return durationSeconds(value) ?? value;
  if (Array.isArray(value)) return value.map((item) => comparable(item, added));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => inner !== 'NotSpecified' && !added.includes(key))
      .map(([key, inner]) => [key, comparable(inner, added)]),
  );
}
