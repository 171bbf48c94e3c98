/**
 * Does a thing one at a time: what is asked for meanwhile is done once, when the one under way is done. So a
 * view follows the mouse as quickly as the host answers, and no answer overtakes another.
 */
export function latest(action: () => Promise<void>): () => void {
  let busy = false;
  let again = false;
  const run = async (): Promise<void> => {
    busy = true;
    do {
      again = false;
      // The host shows what goes wrong there; the next wish is another chance.
      await action().catch(() => undefined);
    } while (again);
    busy = false;
  };
  return () => {
    again = true;
    if (!busy) void run();
  };
}
