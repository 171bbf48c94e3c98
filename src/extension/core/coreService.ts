/**
 * The core process of this window: started when first needed (or ahead, so that a click finds it warm),
 * kept, and started again after a crash. One connection serves all runs.
 */
import { isError } from '../../shared/errors.ts';
import type { AppError } from '../../shared/errors.ts';
import type { Client } from '../../shared/protocol/client.ts';
import type { CoreContract } from '../../shared/protocol/core.ts';

/** A started core. Disposing it ends the process. */
export interface CoreConnection {
  readonly client: Client<CoreContract>;
  dispose(): Promise<void>;
}

export interface CoreServiceOptions {
  readonly connect: () => CoreConnection | Promise<CoreConnection>;
  /** Subscribes to the events of a new connection. */
  readonly onConnect: (client: Client<CoreContract>) => void;
  /** The process ended although nobody asked it to. */
  readonly onExit: (error: AppError) => void;
}

export class CoreService {
  readonly #options: CoreServiceOptions;
  #connecting: Promise<CoreConnection> | null = null;
  #disposed = false;

  constructor(options: CoreServiceOptions) {
    this.#options = options;
  }

  /** @throws AppError `core.noRuntime`, `core.exited`, `core.versionMismatch`. */
  async client(): Promise<Client<CoreContract>> {
    const connecting = (this.#connecting ??= this.#connect());
    const { client } = await connecting.catch((error: unknown) => {
      // The next call tries again: the user may have mended the setting.
      if (this.#connecting === connecting) this.#connecting = null;
      throw error;
    });
    await client.ready;
    return client;
  }

  /** Starts the core ahead of need. A failure shows when the core is really needed. */
  warmUp(): void {
    void this.client().catch(() => undefined);
  }

  /** Ends the core; the next call starts another. */
  async restart(): Promise<void> {
    const old = this.#connecting;
    this.#connecting = null;
    await (await old?.catch(() => null))?.dispose();
    await this.client();
  }

  dispose(): void {
    this.#disposed = true;
    const old = this.#connecting;
    this.#connecting = null;
    // A core that could not start needs no end.
    void old?.then(
      (connection) => connection.dispose(),
      () => undefined,
    );
  }

  async #connect(): Promise<CoreConnection> {
    const connection = await this.#options.connect();
    if (this.#disposed) await connection.dispose();
    connection.client.onClose((error) => void this.#closed(connection, error));
    this.#options.onConnect(connection.client);
    return connection;
  }

  async #closed(connection: CoreConnection, error: AppError): Promise<void> {
    const connecting = this.#connecting;
    if (connecting === null || (await connecting.catch(() => null)) !== connection) return;
    if (this.#connecting === connecting) this.#connecting = null;
    // Whoever asked is told of other reasons (another version) by the failed request itself.
    if (!this.#disposed && isError(error, 'core.exited')) this.#options.onExit(error);
  }
}
