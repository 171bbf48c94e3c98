import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { importTable, restrictedPackages } from '../../src/build/importTable.ts';

interface Import {
  readonly from: string;
  readonly to: string;
}

const sources = ['src', 'webviews'].flatMap((folder) => listSources(folder));
const imports = sources.flatMap(importsOf);

describe('architecture', () => {
  it('sees the whole code', () => {
    assert.ok(sources.length > 50, `only ${sources.length} files found`);
    assert.ok(imports.length > 100, `only ${imports.length} imports found`);
  });

  it('imports only what the import table allows', () => {
    const broken = imports
      .filter(isLocal)
      .filter(({ from, to }) => !allowed(areaOf(from), areaOf(to)));
    assert.deepEqual(broken.map(show), []);
  });

  it('keeps restricted packages where they belong', () => {
    const broken = imports.filter(({ from, to }) => {
      const owners = Object.entries(restrictedPackages).find(
        ([name]) => to === name || to.startsWith(`${name}/`),
      )?.[1];
      return owners !== undefined && !owners.some((owner) => from.startsWith(`${owner}/`));
    });
    assert.deepEqual(broken.map(show), []);
  });

  it('has no import cycles', () => {
    assert.deepEqual(findCycle(), []);
  });

  it('never names a platform in shared code', () => {
    const broken = imports.filter(
      ({ from, to }) =>
        from.startsWith('src/shared/') && (to.startsWith('node:') || to === 'vscode'),
    );
    assert.deepEqual(broken.map(show), []);
  });
});

function listSources(folder: string): string[] {
  const all = ts.sys.readDirectory(folder, ['.ts'], [], ['**/*.ts']);
  return all
    .map((file) => path.relative('.', file).replaceAll('\\', '/'))
    .filter((file) => !file.endsWith('.d.ts'));
}

function importsOf(file: string): Import[] {
  return ts
    .preProcessFile(readFileSync(file, 'utf8'), true, true)
    .importedFiles.map(({ fileName }) => ({
      from: file,
      to: fileName.startsWith('.') ? path.posix.join(path.posix.dirname(file), fileName) : fileName,
    }));
}

function isLocal({ to }: Import): boolean {
  return to.startsWith('src/') || to.startsWith('webviews/');
}

/** The longest area that holds the file; `shared/errors.ts` and the like belong to `src/shared`. */
function areaOf(file: string): string {
  const areas = Object.keys(importTable).filter((area) => file.startsWith(`${area}/`));
  const longest = areas.sort((a, b) => b.length - a.length)[0];
  assert.ok(longest, `${file} lies in no area of the import table`);
  return longest;
}

function allowed(from: string, to: string): boolean {
  if (from === to) return true;
  return (importTable[from] ?? []).some((entry) =>
    entry.endsWith('/*') ? to.startsWith(entry.slice(0, -1)) : entry === to,
  );
}

function show({ from, to }: Import): string {
  return `${from} -> ${to}`;
}

/** Depth-first search; the files of one cycle, or nothing. */
function findCycle(): string[] {
  const graph = new Map(
    sources.map((file) => [file, imports.filter((i) => i.from === file).map((i) => i.to)]),
  );
  const done = new Set<string>();
  const visit = (file: string, trail: readonly string[]): string[] => {
    if (trail.includes(file)) return [...trail.slice(trail.indexOf(file)), file];
    if (done.has(file)) return [];
    for (const next of graph.get(file) ?? []) {
      const cycle = visit(next, [...trail, file]);
      if (cycle.length > 0) return cycle;
    }
    done.add(file);
    return [];
  };
  return sources.map((file) => visit(file, [])).find((cycle) => cycle.length > 0) ?? [];
}
