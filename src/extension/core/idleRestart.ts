/** Starts another core when a setting of it has changed, but not under a run in training. No `vscode`. */
import type { RunStore } from '../runs/runStore.ts';

export interface IdleRestart {
  /** Now, or once no run trains. */
  demand(): void;
  dispose(): void;
}

export function idleRestart(
  store: Pick<RunStore, 'onDidChange' | 'isActive'>,
  restart: () => void,
): IdleRestart {
  let isDue = false;
  const look = (): void => {
    if (!isDue || store.isActive) return;
    isDue = false;
    restart();
  };
  const runs = store.onDidChange(look);
  return {
    demand() {
      isDue = true;
      look();
    },
    dispose: () => runs.dispose(),
  };
}
