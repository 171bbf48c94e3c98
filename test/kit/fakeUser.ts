/** Loads code of the extension with `fakeVscode.ts` in place of VS Code, and answers its forms as a user would. */
import assert from 'node:assert/strict';
import { register } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import type * as FakeVscode from './fakeVscode.ts';

const fake = new URL('./fakeVscode.ts', import.meta.url).href;
const hook = `export async function resolve(name, context, next) {
  return name === 'vscode' ? next(${JSON.stringify(fake)}, context) : next(name, context);
}`;

let isRegistered = false;

/** From now on what is imported gets the fake; what was imported before has none. */
export async function loadFakeVscode(): Promise<typeof FakeVscode> {
  if (!isRegistered) register(`data:text/javascript,${encodeURIComponent(hook)}`);
  isRegistered = true;
  return import('./fakeVscode.ts');
}

/** How often it looks, a hundred times a second. */
const patience = 3000;

export class FakeUser {
  readonly #vscode: typeof FakeVscode;

  constructor(vscode: typeof FakeVscode) {
    this.#vscode = vscode;
  }

  /** Until what is asked next can be answered. */
  async asked(): Promise<FakeVscode.FakeBox> {
    for (let tries = 0; tries < patience; tries++) {
      const box = this.#vscode.boxes.at(-1);
      if (box !== undefined && !box.isGone && !box.busy && (!box.isList || box.items.length > 0)) {
        return box;
      }
      await sleep(10);
    }
    assert.fail('nothing is asked');
  }

  /** @returns what the box said of it. */
  async say(text: string): Promise<string> {
    const box = await this.asked();
    assert.equal(box.isList, false, `a list is asked for, not ${text}`);
    box.value = text;
    box.changed.fire(text);
    box.accepted.fire();
    const { Error } = this.#vscode.InputBoxValidationSeverity;
    for (let tries = 0; tries < patience && !box.isGone; tries++) {
      await sleep(10);
      if (box.validationMessage?.severity === Error) break;
    }
    return box.validationMessage?.message ?? '';
  }

  async choose(text: string): Promise<void> {
    const box = await this.asked();
    const item = box.items.find(({ label }) => label.includes(text));
    assert.ok(item, `${text} in ${box.items.map(({ label }) => label).join()}`);
    box.selectedItems = [item];
    box.accepted.fire();
  }

  async all(...labels: readonly string[]): Promise<void> {
    for (const label of labels) await this.choose(label);
  }

  async back(): Promise<void> {
    (await this.asked()).pressed.fire(this.#vscode.QuickInputButtons.Back);
  }
}

/** A store of VS Code's, for as long as the test. */
export class FakeMemory {
  readonly #values = new Map<string, unknown>();

  keys(): readonly string[] {
    return [...this.#values.keys()];
  }

  get(key: string, fallback?: unknown): unknown {
    return this.#values.get(key) ?? fallback;
  }

  update(key: string, value: unknown): Promise<void> {
    this.#values.set(key, value);
    return Promise.resolve();
  }
}
