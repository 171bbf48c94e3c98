/** Diagnostics and completion of computes' YAML: the line, the value, the next step. */
import assert from 'node:assert/strict';
import { looksLikeCompute, suggestionsAt } from '../../../src/azure/yaml/completion.ts';
import { computeNameProblem, readComputeYaml } from '../../../src/azure/yaml/computeDocument.ts';
import { formatDiagnostic } from '../../../src/shared/diagnostics.ts';

function problems(text: string): readonly string[] {
  return readComputeYaml(text, 'c.yml').diagnostics.map(formatDiagnostic);
}

describe('diagnostics of computes in YAML', () => {
  const cases: readonly (readonly [name: string, text: string, expected: RegExp])[] = [
    [
      'an unknown key',
      'type: amlcompute\nname: abc\nmin_instance: 1\n',
      /c\.yml:3:1 error .*`min_instance`.*did you mean `min_instances`/,
    ],
    [
      'a word that is none',
      'type: amlcompute\nname: abc\ntier: cheap\n',
      /c\.yml:3:7 error .*`tier`.*`dedicated`/,
    ],
    [
      'text for a number',
      'type: amlcompute\nname: abc\nmax_instances: "4"\n',
      /c\.yml:3:16 error .*whole number.*text "4".*write `4`/,
    ],
    [
      'a kind that is none',
      'type: batchcompute\nname: abc\n',
      /c\.yml:1:7 error azure\.kind `batchcompute` is no kind of compute \(known here: `amlcompute`/,
    ],
    ['no kind at all', 'name: abc\nsize: x\n', /error azure\.kind which kind of compute/],
    [
      'a name of Azure’s own',
      'type: amlcompute\nname: cluster-1\n',
      /c\.yml:2:7 error .*does not end with a hyphen and digits/,
    ],
    ['a name that lacks', 'type: amlcompute\n', /error .*needs `name`/],
    [
      'an idle time too short',
      'type: computeinstance\nname: abc\nidle_time_before_shutdown: PT5M\n',
      /c\.yml:3:28 error .*`PT15M` to `P3D`/,
    ],
    ['a resource that is not named', 'type: virtualmachine\nname: abc\n', /needs `resource_id`/],
    ['a list', '- a\n', /no description of a compute/],
    ['broken YAML', 'type: [\n', /c\.yml:.* error config\.syntax/],
  ];
  for (const [name, text, expected] of cases) {
    it(`tell of ${name}`, () => {
      const found = problems(text);
      assert.ok(
        found.some((line) => expected.test(line)),
        found.join('\n'),
      );
    });
  }

  it('are none where words are written as others write them', () => {
    for (const tier of ['low_priority', 'LowPriority', 'lowpriority', 'LOW_PRIORITY']) {
      const { compute } = readComputeYaml(`type: AmlCompute\nname: abc\ntier: ${tier}\n`, 'c.yml');
      assert.equal(compute?.values['tier'], 'low_priority', tier);
    }
  });

  it('need no type where keys or the schema tell the kind', () => {
    const schema =
      '$schema: https://azuremlschemas.azureedge.net/latest/computeInstance.schema.json';
    for (const text of ['name: abc\nmin_instances: 0\n', `${schema}\nname: abc\n`]) {
      assert.deepEqual(problems(text), [], text);
    }
  });

  it('say why a name is refused', () => {
    assert.equal(computeNameProblem('cpu-cluster'), null);
    for (const [name, words] of [
      ['ab', /3 to 24/],
      ['a'.repeat(25), /3 to 24/],
      ['1abc', /begins with a letter/],
      ['a_bc', /no `_`/],
      ['cpu-1', /hyphen and digits/],
    ] as const) {
      assert.match(computeNameProblem(name) ?? '', words, name);
    }
  });
});

describe('completion of computes in YAML', () => {
  /** `|` is the cursor. */
  const at = (text: string) => {
    const lines = text.split('\n');
    const line = lines.findIndex((one) => one.includes('|'));
    const column = lines[line]!.indexOf('|');
    lines[line] = lines[line]!.replace('|', '');
    return suggestionsAt(lines, line, column);
  };
  const labels = (text: string) => at(text).map(({ label }) => label);

  it('offers the keys of the kind that are not there yet, each with a sentence', () => {
    const found = at('type: amlcompute\nname: abc\n|');
    assert.ok(found.some(({ label }) => label === 'min_instances'));
    assert.ok(!found.some(({ label }) => label === 'name' || label === 'type'));
    assert.ok(!found.some(({ label }) => label === 'schedules'), 'of instances only');
    const lacking = found.filter(({ description }) => description === '');
    assert.deepEqual(lacking, []);
  });

  it('offers keys inside of others, also of list items', () => {
    const ssh = labels('type: amlcompute\nssh_settings:\n  admin_username: a\n  |');
    assert.deepEqual(ssh, ['admin_password', 'ssh_key_value']);
    const item = labels(
      'type: computeinstance\nschedules:\n  compute_start_stop:\n    - action: stop\n      |',
    );
    assert.deepEqual(item, ['state', 'trigger']);
  });

  it('offers words of values', () => {
    assert.deepEqual(labels('type: amlcompute\ntier: |'), ['dedicated', 'low_priority']);
    assert.deepEqual(labels('type: amlcompute\nenable_node_public_ip: |'), ['true', 'false']);
    assert.ok(labels('type: |').includes('computeinstance'));
    assert.deepEqual(labels('name: abc\n|'), ['type']);
    assert.deepEqual(labels('type: amlcompute\nname: |'), []);
  });

  it('leaves other files alone', () => {
    assert.ok(looksLikeCompute('type: AmlCompute\n'));
    assert.ok(!looksLikeCompute('type: command\ncommand: echo\n'));
    assert.ok(!looksLikeCompute('task: classification\n'));
  });
});
