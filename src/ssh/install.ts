/**
 * Copies the core to another machine, once: below `trainbench/ssh` in the user's cache there is a folder for each version of
 * each parcel, named after its content, whose hashes are checked before every use. A copy is made aside and renamed when it
 * is whole, so a connection that is cut while copying leaves nothing that looks finished.
 */
import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { oldestOnPath } from '../coreProcess/runtime.ts';
import { AppError } from '../shared/errors.ts';
import { say } from '../shared/language.ts';
import type { Connection } from './connection.ts';
import { parcelsFor, shippedSystem, type Parcel, type ParcelFile } from './parcels.ts';
import { finished, openShell, quoted, runScript, type ShellResult } from './shell.ts';

export interface InstallOptions {
  readonly bundleFolder: string;
  readonly onProgress: (message: string, fraction: number | null) => void;
  readonly signal: AbortSignal;
}

/** Where the core is on the other machine, and what runs it. */
export interface Installed {
  readonly system: string;
  /** Our folder there. */
  readonly root: string;
  /** Absolute paths there. */
  readonly core: string;
  readonly node: string;
  /** Version, and whose it is. */
  readonly nodeName: string;
}

/** @throws AppError `ssh.unsupported` for a machine on which the core cannot run, `ssh.failed` */
export async function install(connection: Connection, options: InstallOptions): Promise<Installed> {
  const [system = '', root = ''] = (await look(connection)).stdout.split('\n');
  if (!/^Linux /.test(system)) throw noLinux(system);
  if (!root.startsWith('/')) {
    throw new AppError('ssh.failed', say('Trainbench cannot make its folder in ~/.cache there'));
  }
  const parcels = await parcelsFor(system, options.bundleFolder);
  await copyMissing(connection, root, { ...options, parcels });
  const folder = (kind: Parcel['kind']) => {
    const found = parcels.find((parcel) => parcel.kind === kind);
    return found === undefined ? null : `${root}/${found.folder}`;
  };
  const core = folder('core')!;
  const node = await chooseNode(connection, { system, ours: folder('node') });
  const webgpu = folder('webgpu');
  const link = `mkdir -p ${quoted(`${core}/node_modules`)} && ln -sfn ${quoted(webgpu ?? '')} ${quoted(`${core}/node_modules/webgpu`)}`;
  await runScript(connection, `touch ${quoted(core)}\n${webgpu === null ? '' : link}`);
  return { system, root, core: `${core}/core.cjs`, ...node };
}

/** Tells the system and our folder, and tidies up what is left of copies that broke off, and of versions long unused. */
function look(connection: Connection): Promise<ShellResult> {
  return runScript(
    connection,
    `
root="\${XDG_CACHE_HOME:-$HOME/.cache}/trainbench/ssh"
uname -sm
umask 077
mkdir -p "$root" && cd "$root" && pwd -P
find . -maxdepth 1 -name '*.part' -mtime +1 -exec rm -rf {} + 2>/dev/null
find . -maxdepth 1 -name 'core-*' -mtime +60 -exec rm -rf {} + 2>/dev/null
true`,
  );
}

interface Copying extends InstallOptions {
  readonly parcels: readonly Parcel[];
}

async function copyMissing(
  connection: Connection,
  root: string,
  { parcels, onProgress, signal }: Copying,
): Promise<void> {
  const checks = parcels.map((parcel) => `${checkOf(root, parcel)} && echo ${parcel.folder}`);
  const { stdout } = await runScript(connection, `${checks.join('\n')}\ntrue`);
  const whole = stdout.split('\n');
  const missing = parcels.filter(({ folder }) => !whole.includes(folder));
  const files = missing.flatMap(({ files: own }) => own);
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let sent = 0;
  for (const parcel of missing) {
    const aside = `${root}/${parcel.folder}.${randomBytes(6).toString('hex')}.part`;
    for (const file of parcel.files) {
      await send(connection, { file, to: `${aside}/${file.name}`, signal }, (bytes) => {
        sent += bytes;
        onProgress(say('copying Trainbench to the machine'), sent / total);
      });
    }
    // Another connection may have been quicker; a damaged one gives way.
    const target = quoted(`${root}/${parcel.folder}`);
    const { stdout: after } = await runScript(
      connection,
      `rm -rf ${target}\nmv ${quoted(aside)} ${target}\n${checkOf(root, parcel)} && echo whole`,
    );
    if (!after.includes('whole')) throw damaged();
  }
}

function checkOf(root: string, { folder, files }: Parcel): string {
  const list = files.map(({ name, sha256 }) => `${sha256}  ${name}`).join('\n');
  const place = quoted(`${root}/${folder}`);
  return `(cd ${place} 2>/dev/null && echo ${quoted(list)} | sha256sum -c >/dev/null 2>&1)`;
}

interface Sending {
  readonly file: ParcelFile;
  readonly to: string;
  readonly signal: AbortSignal;
}

/** Packed on the way: of Node a third is left. */
async function send(
  connection: Connection,
  { file, to, signal }: Sending,
  onRead: (bytes: number) => void,
): Promise<void> {
  const folder = to.slice(0, to.lastIndexOf('/'));
  const channel = await openShell(
    connection,
    `umask 077 && mkdir -p ${quoted(folder)} && gzip -dc > ${quoted(to)} && chmod 700 ${quoted(to)}`,
  );
  const ended = finished(channel);
  const counting = new Transform({
    transform(chunk: Buffer, _encoding, next) {
      onRead(chunk.length);
      next(null, chunk);
    },
  });
  try {
    await pipeline(createReadStream(file.file), counting, createGzip({ level: 1 }), channel, {
      signal,
    });
  } catch (cause) {
    signal.throwIfAborted();
    const { stderr } = await ended;
    throw new AppError('ssh.failed', say`the core could not be copied: ${stderr.trim()}`, {
      cause,
    });
  }
  const { code, stderr } = await ended;
  if (code === 0) return;
  throw new AppError('ssh.failed', say`the core could not be copied: ${stderr.trim()}`);
}

interface NodeChoice {
  readonly system: string;
  readonly ours: string | null;
}

/** Ours, where it runs there; else one that the machine has, if it is new enough. */
async function chooseNode(connection: Connection, { system, ours }: NodeChoice) {
  const own = ours === null ? null : `${ours}/node`;
  const { stdout } = await runScript(
    connection,
    `${own === null ? ':' : `echo "ours $(${quoted(own)} --version 2>/dev/null)"`}
for place in "$(command -v node)" "$HOME/.local/bin/node" /usr/local/bin/node "$HOME"/.nvm/versions/node/*/bin/node; do
  [ -x "$place" ] && echo "$place $("$place" --version 2>/dev/null)"
done
true`,
  );
  const found = stdout.split('\n').map((line) => /^(.+) v(\d+)(\.\S+)$/.exec(line));
  for (const match of found) {
    const [, place = '', major = '0', rest = ''] = match ?? [];
    const version = `${major}${rest}`;
    if (place === 'ours') {
      return { node: own!, nodeName: say`${version} (comes with Trainbench)` };
    }
    if (Number(major) >= oldestOnPath) return { node: place, nodeName: `${version} (${place})` };
  }
  throw noNode(system, ours !== null);
}

function noNode(system: string, isCopied: boolean): AppError {
  const why = isCopied
    ? say(
        'the Node that comes with Trainbench does not run there (its system libraries are too old)',
      )
    : system === shippedSystem
      ? say('this installation of Trainbench has no Node for Linux')
      : say`Trainbench brings a Node for ${shippedSystem} only`;
  return new AppError(
    'ssh.unsupported',
    say`the machine is ${system}, and the core cannot run there: ${why}. Install Node ${oldestOnPath} or newer there, so that \`node\` is found, and try again.`,
  );
}

function noLinux(system: string): AppError {
  const what = system === '' ? say('a system that we do not know') : system;
  return new AppError('ssh.unsupported', say`runs train on Linux machines; this one has ${what}`);
}

function damaged(): AppError {
  return new AppError(
    'ssh.failed',
    say('the copy of the core is damaged; is the disk of the machine full?'),
  );
}
