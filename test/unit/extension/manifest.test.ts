/** package.json says what the tables in the code say. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { commandIds, commandTable } from '../../../src/extension/commands/commandTable.ts';
import { settingTable } from '../../../src/extension/config/settings.ts';
import { viewNames } from '../../../src/extension/panels/viewNames.ts';

interface Manifest {
  readonly main: string;
  readonly icon: string;
  readonly activationEvents: readonly string[];
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] };
  };
  readonly contributes: {
    readonly commands: readonly {
      readonly command: string;
      readonly category: string;
      readonly enablement?: string;
    }[];
    readonly menus: Readonly<
      Record<string, readonly { readonly command: string; readonly when: string }[]>
    >;
    readonly configuration: {
      readonly properties: Readonly<
        Record<string, { readonly scope: string; readonly default: unknown }>
      >;
    };
  };
}

const root = path.resolve(import.meta.dirname, '../../..');
const manifest = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as Manifest;
const { commands, menus, configuration } = manifest.contributes;

describe('package.json of the extension', () => {
  it('contributes exactly the commands of the table', () => {
    assert.deepEqual(commands.map(({ command }) => command).sort(), [...commandIds].sort());
    for (const { command, category } of commands) {
      assert.match(command, /^trainbench\.[a-z]+\.[a-z]+$/i);
      assert.equal(category, 'Trainbench', command);
    }
  });

  it('disables in an untrusted workspace exactly the commands that need trust', () => {
    for (const { command, enablement = '' } of commands) {
      const needsTrust = commandTable[command as keyof typeof commandTable].needsTrust;
      assert.equal(enablement.includes('isWorkspaceTrusted'), needsTrust, command);
    }
  });

  const configs = ['penguins.train.yaml', 'a.train.yml', 'a.train.json'];
  const tables = ['penguins.csv', 'a.jsonl', 'a.tsv', 'a.ndjson', 'a.json'];
  const others = ['train.yaml', 'a.train.yaml.bak', 'a.csv.bak', 'a.yaml'];

  it('puts only its own commands into menus, on configs, tables and in its own views only', () => {
    // What needs a node of a tree is kept out of the palette.
    const all = Object.entries(menus).filter(([menu]) => menu !== 'commandPalette');
    const entries = all.flatMap(([menu, items]) => (menu.startsWith('view/') ? [] : items));
    assert.ok(entries.length >= 3);
    for (const { command, when } of all.flatMap(([, items]) => items)) {
      assert.ok(commandIds.includes(command as keyof typeof commandTable), command);
      assert.ok(entries.some((entry) => entry.when === when) || /^view == trainbench\./.test(when));
    }
    for (const { command, when } of entries) {
      assert.ok(commandIds.includes(command as keyof typeof commandTable), command);
      if (/^activeWebviewPanelId == trainbench\.\w+$/.test(when)) continue;
      if (when.startsWith('explorerResourceIsFolder')) {
        assert.equal(command, 'trainbench.data.train');
        continue;
      }
      const [, pattern, fault] = /^resourceFilename =~ \/(.*)\/( && .*)?$/.exec(when) ?? [];
      assert.ok(pattern, when);
      if (fault !== undefined) {
        // A config with errors has its problems where another has its training.
        const isOther = command === 'trainbench.config.problems';
        const known = `resourcePath ${isOther ? 'in' : 'not in'} trainbench.unreadableConfigs`;
        assert.equal(fault, ` && ${known}`, command);
      } else assert.ok(!/^trainbench\.(run\.start|config)/.test(command), command);
      const found = [...configs, ...tables, ...others].filter((name) =>
        new RegExp(pattern).test(name),
      );
      if (command === 'trainbench.azure.createFromYaml') {
        assert.deepEqual(found, ['train.yaml', 'a.yaml'], 'any YAML but configs');
        continue;
      }
      if (command === 'trainbench.data.train' || found.includes('penguins.csv')) {
        // JSON is much else besides: its editors get no icon, its menu has the entry.
        const named = menus['editor/title']!.some((entry) => entry.when === when);
        assert.deepEqual(found, named ? tables.slice(0, -1) : tables, when);
      } else assert.deepEqual(found, configs, when);
    }
  });

  it('offers a look at both, and training on the one or the other', () => {
    const offered = (name: string) =>
      menus['explorer/context']!.filter(({ when }) =>
        new RegExp(/\/(.*)\//.exec(when)![1]!).test(name),
      ).map(({ command }) => command);
    for (const name of tables) {
      assert.deepEqual(offered(name), ['trainbench.data.train', 'trainbench.data.look'], name);
    }
    for (const name of configs) {
      const commandsOf = offered(name);
      assert.ok(commandsOf.includes('trainbench.run.start'), name);
      assert.ok(commandsOf.includes('trainbench.data.look'), name);
      assert.ok(!commandsOf.includes('trainbench.data.train'), name);
    }
    for (const name of ['x.npz', 'x_train.npy', 'train-images-idx3-ubyte.gz']) {
      assert.deepEqual(offered(name), ['trainbench.data.train'], name);
    }
  });

  it('contributes exactly the settings of the table, and restricts those that name programs', () => {
    const settings = Object.values(settingTable);
    assert.deepEqual(
      Object.keys(configuration.properties),
      settings.map(({ key }) => key),
    );
    const { restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    for (const { key, fallback, restricted } of settings) {
      const property = configuration.properties[key]!;
      assert.deepEqual(property.default, fallback, key);
      assert.equal(property.scope === 'machine', restricted, key);
      assert.equal(restrictedConfigurations.includes(key), restricted, key);
    }
  });

  it('starts only where there is a config, or a view to restore', () => {
    assert.deepEqual(manifest.activationEvents, [
      'workspaceContains:**/*.train.{yaml,yml,json}',
      'workspaceContains:**/*.compute.{yaml,yml}',
      ...viewNames.map((view) => `onWebviewPanel:trainbench.${view}`),
    ]);
  });

  it('has a 128 px icon', () => {
    const png = fs.readFileSync(path.join(root, manifest.icon));
    assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [128, 128]);
  });
});
