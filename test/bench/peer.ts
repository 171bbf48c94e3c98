/**
 * Programs that are compared. Each does the same work in a process of its own and prints one JSON line at its end; they
 * take turns over several rounds, so that a slow moment of a shared machine hits all of them.
 */
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { coreNodeFlags } from '../../src/coreProcess/forkCore.ts';
import { programBundle } from './programBundle.ts';
import { median } from './table.ts';

export interface Peer {
  readonly name: string;
  readonly command: readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
}

export interface Reply {
  /** Of each piece of work, by the clock and of the processor. */
  readonly milliseconds: readonly number[];
  readonly cpu?: readonly number[];
  readonly loss?: number;
  /** From the start of the process to the end of the first piece of work. */
  readonly startup?: number;
  /** The most memory that the process has had. */
  readonly megabytes?: number;
  /** Whether the peer's products are OpenBLAS's. */
  readonly openblas?: boolean;
  /** First piece of work of the process, for people who run once. */
  readonly cold?: number;
}

/** What a peer measured: medians of each round. */
export interface Sample {
  readonly name: string;
  readonly wall: number[];
  readonly cpu: number[];
  readonly startup: number[];
  readonly cold: number[];
  /** Of the last round. */
  reply: Reply;
}

export const threadCounts = [1, 2].filter((count) => count <= availableParallelism());

/** @throws when a peer fails, or when PyTorch multiplies with anything but OpenBLAS. */
export function alternate(peers: readonly Peer[], rounds: number): Sample[] {
  const samples = noSamples(peers);
  for (let round = 0; round < rounds; round++) {
    askEach(peers, samples);
    process.stderr.write(
      `round ${round + 1} of ${rounds}: ${peers.map(({ name }) => name).join(', ')}\n`,
    );
  }
  return samples;
}

export function noSamples(peers: readonly Peer[]): Sample[] {
  return peers.map(({ name }) => {
    return { name, wall: [], cpu: [], startup: [], cold: [], reply: { milliseconds: [] } };
  });
}

/** One round of the first of those that the samples are of. @throws as `alternate` does. */
export function askEach(peers: readonly Peer[], samples: readonly Sample[]): void {
  peers.forEach((peer, i) => addReply(samples[i]!, ask(peer) as Reply));
}

function addReply(sample: Sample, reply: Reply): void {
  if (reply.openblas === false) throw new Error('PyTorch does not multiply with OpenBLAS here');
  sample.wall.push(median(reply.milliseconds));
  if (reply.cpu !== undefined) sample.cpu.push(median(reply.cpu));
  if (reply.startup !== undefined) sample.startup.push(reply.startup);
  if (reply.cold !== undefined) sample.cold.push(reply.cold);
  sample.reply = reply;
}

/** Runs a peer once. It may tell by BENCH_STARTED how long its start took. */
export function ask({ command, environment }: Peer): unknown {
  const [program = '', ...args] = command;
  const env = { ...process.env, ...environment, BENCH_STARTED: `${Date.now()}` };
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env,
  });
  if (status !== 0) throw new Error(`${command.join(' ')} failed:\n${stderr}`, { cause: error });
  return JSON.parse(stdout.trim().split('\n').at(-1)!);
}

const bundled = new Map<string, string>();

/** A script of ours, bundled and run as the core is: what runs sources adds to every function. */
export function coreCommand(node: string, script: string, ...args: readonly string[]): string[] {
  const bundle = bundled.get(script) ?? bundlePeer(script);
  bundled.set(script, bundle);
  return [node, ...coreNodeFlags, bundle, ...args];
}

function bundlePeer(script: string): string {
  const outfile = `out/bench/peers/${path.basename(script, '.ts')}.mjs`;
  buildSync({
    entryPoints: [`test/bench/peers/${script}`],
    outfile,
    ...programBundle,
  });
  return outfile;
}

/** A script for Debian's Python and what makes its libraries use that many threads. */
export function pythonPeer(
  name: string,
  { script, args, threads }: { script: string; args: readonly string[]; threads: number },
): Peer {
  const count = `${threads}`;
  return {
    name,
    command: ['/usr/bin/python3', `test/bench/peers/${script}`, ...args],
    environment: { OMP_NUM_THREADS: count, OPENBLAS_NUM_THREADS: count },
  };
}
