/** Where a step goes, in an editor tab. At most one; it shows the config or run that was asked for last. */
import path from 'node:path';
import { commands, l10n, Uri } from 'vscode';
import { errorMessage, isError } from '../../shared/errors.ts';
import type { Client } from '../../shared/protocol/client.ts';
import type { CoreContract } from '../../shared/protocol/core.ts';
import type { Profile, TrainingSource } from '../../shared/protocol/profile.ts';
import type { Handlers } from '../../shared/protocol/server.ts';
import type { ProfileContract, ProfileState } from '../../shared/protocol/views/profile.ts';
import { profileTexts } from './profileTexts.ts';
import { SinglePanel } from './singlePanel.ts';
import type { ViewServices } from './singlePanel.ts';

export interface ProfilePanelOptions extends ViewServices {
  readonly client: () => Promise<Client<CoreContract>>;
}

/** What was on show; without a profile it is measured. */
interface KeptProfile {
  readonly source: TrainingSource;
  readonly profile: Profile | null;
}

export class ProfilePanel {
  readonly #client: ProfilePanelOptions['client'];
  readonly #panel: SinglePanel<ProfileContract, KeptProfile>;
  #current: AbortController | null = null;

  constructor(options: ProfilePanelOptions) {
    this.#client = options.client;
    this.#panel = new SinglePanel({
      ...options,
      view: 'profile',
      parse: parseKept,
      load: (kept) => Promise.resolve(this.#begin(kept)),
      title: ({ name }) => l10n.t('Profile: {0}', name),
      handlers: this.#handlers(),
      closed: () => this.#current?.abort(),
    });
  }

  /** Opens at once: measuring takes some seconds, which the view shows. */
  show(source: TrainingSource): Promise<void> {
    return this.#panel.show({ source, profile: null });
  }

  dispose(): void {
    this.#current?.abort();
    this.#panel.dispose();
  }

  #begin({ source, profile }: KeptProfile): ProfileState {
    this.#current?.abort();
    const texts = profileTexts();
    const name = nameOf(source);
    if (profile !== null) return { source, name, profile, progress: null, failure: null, texts };
    void this.#measure(source);
    const progress = { message: '', fraction: null };
    return { source, name, profile: null, progress, failure: null, texts };
  }

  #handlers(): Handlers<ProfileContract> {
    return {
      'view/ready': () => this.#panel.state,
      'profile/again': () => {
        const { state } = this.#panel;
        if (state === null) return {};
        const next = this.#begin({ source: state.source, profile: null });
        this.#panel.replace({ ...next, profile: state.profile });
        return {};
      },
      'profile/cancel': () => {
        this.#current?.abort();
        return {};
      },
      'kernels/show': async () => {
        const { source } = this.#panel.state ?? {};
        if (source !== undefined) await commands.executeCommand(kernelsCommand, argumentOf(source));
        return {};
      },
    };
  }

  async #measure(source: TrainingSource): Promise<void> {
    const own = new AbortController();
    this.#current = own;
    let result: Pick<ProfileState, 'failure'> & Partial<Pick<ProfileState, 'profile'>>;
    try {
      result = { profile: await this.#ask(source, own.signal), failure: null };
    } catch (error) {
      const cancelled = own.signal.aborted || isError(error, 'protocol.cancelled');
      result = {
        failure: cancelled ? l10n.t('You cancelled the measuring.') : errorMessage(error),
      };
    }
    const { state } = this.#panel;
    if (this.#current === own && state !== null) {
      this.#panel.replace({ ...state, ...result, progress: null });
    }
  }

  async #ask(source: TrainingSource, signal: AbortSignal): Promise<Profile> {
    const client = await this.#client();
    const place = placeOf(source);
    const end = client.on('run/progress', ({ file, message, fraction }) => {
      if (file === place && !signal.aborted)
        this.#panel.change({ progress: { message, fraction } });
    });
    try {
      return await client.request('run/profile', { source }, signal);
    } finally {
      end();
    }
  }
}

const kernelsCommand = 'trainbench.kernels.show';

function placeOf(source: TrainingSource): string {
  return 'file' in source ? source.file : source.directory;
}

/** What the commands about a source take. */
function argumentOf(source: TrainingSource): Uri | string {
  return 'file' in source ? Uri.file(source.file) : source.directory;
}

export function nameOf(source: TrainingSource): string {
  return path.basename(placeOf(source)).replace(/\.train\.(ya?ml|json)$/, '');
}

/** Null for what is no such thing: another version of ours may have kept it. */
function parseKept(kept: unknown): KeptProfile | null {
  if (typeof kept !== 'object' || kept === null) return null;
  const { source, profile } = kept as { source?: unknown; profile?: unknown };
  if (!isSource(source)) return null;
  return { source, profile: isProfile(profile) ? profile : null };
}

function isSource(value: unknown): value is TrainingSource {
  if (typeof value !== 'object' || value === null) return false;
  const { file, directory } = value as { file?: unknown; directory?: unknown };
  return [file, directory].some((place) => typeof place === 'string' && place !== '');
}

function isProfile(value: unknown): value is Profile {
  if (typeof value !== 'object' || value === null) return false;
  const { kernels, stepMilliseconds } = value as { kernels?: unknown; stepMilliseconds?: unknown };
  return Array.isArray(kernels) && typeof stepMilliseconds === 'number';
}
