/** Azurite, Microsoft's emulator of blobs, on a port of its own: it verifies signatures and keeps what blobs do. */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { rigKey } from '../../src/azureRig/storage/stores.ts';

export interface Azurite {
  /** Without the name of an account. */
  readonly address: string;
  close(): void;
}

/** @param accounts names; each has the key of the rig's accounts. */
export async function startAzurite(accounts: readonly string[]): Promise<Azurite> {
  const main = createRequire(import.meta.url).resolve('azurite/dist/src/blob/main.js');
  const settings = [
    '--silent',
    '--inMemoryPersistence',
    '--disableTelemetry',
    '--skipApiVersionCheck', // our client speaks a newer version
    '--blobHost=127.0.0.1',
    '--blobPort=0',
  ];
  const child = spawn(process.execPath, [main, ...settings], {
    env: {
      ...process.env,
      AZURITE_ACCOUNTS: accounts.map((name) => `${name}:${rigKey}`).join(';'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const address = await new Promise<string>((resolve, reject) => {
    let said = '';
    const hear = (text: Buffer) => {
      said += text.toString();
      const found = /successfully listens on (http:\/\/[\d.:]+)/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('exit', (code) => reject(new Error(`Azurite ended with ${code}: ${said}`)));
  });
  return { address, close: () => void child.kill() };
}
