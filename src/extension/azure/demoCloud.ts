/** The Demo Cloud: a played resource manager on this machine, in a bundle that nobody loads who does not ask for it. */
import { createRequire } from 'node:module';
import type { Rig } from '../../azureRig/rig.ts';

type RigBundle = typeof import('../../azureRig/rig.ts');

export class DemoCloud {
  #rig: Rig | null = null;

  /** Null while it is closed. */
  get endpoint(): string | null {
    return this.#rig?.endpoint ?? null;
  }

  async open(): Promise<void> {
    if (this.#rig !== null) return;
    const { startRig } = createRequire(import.meta.url)('./azureRig.cjs') as RigBundle;
    this.#rig = await startRig();
  }

  dispose(): void {
    void this.#rig?.close();
    this.#rig = null;
  }
}
