import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'vitest';
import { type Running, run, start } from '../cli/run.testing.ts';
import { figures, figuresFile, type Measured } from './figures.ts';
import { type TwoProcesses, twoProcesses } from './two-processes.ts';

const bytes = 64 * 1_048_576;
const windows = 5;
const shards = 100_000;
const starts = 5;
/** A peer is idle when it has had this long after its start, ms. */
const idleAfterMs = 15_000;

/** What is sealed already, from one process to the last claim of another: the store of files included. */
async function transfers(): Promise<Measured[]> {
  const bare = await twoProcesses('bare-end.mjs');
  const peers = await twoProcesses('peer-end.mjs');
  // A link gets its larger window, and the transport its speed, while it carries the first megabytes.
  for (const pair of [bare, peers]) await pair.carry(bytes);
  const speeds = new Map<TwoProcesses, number[]>([
    [bare, []],
    [peers, []],
  ]);
  for (let window = 0; window < windows; window++) for (const pair of [bare, peers]) speeds.get(pair)!.push(await pair.carry(bytes));
  for (const pair of [bare, peers]) pair.end();
  const [bareSpeeds, peerSpeeds] = [speeds.get(bare)!, speeds.get(peers)!];
  return [
    { name: '64 MiB over a bare channel between two Node processes', unit: 'MB/s', samples: bareSpeeds },
    { name: '64 MiB, sealed before, to the last claim of another Node peer', unit: 'MB/s', samples: peerSpeeds },
    {
      name: 'the peer by the bare channel, window by window',
      unit: 'times',
      floor: 0.6,
      samples: peerSpeeds.map((speed, window) => speed / bareSpeeds[window]!),
    },
  ];
}

/** The whole command, from its start to the first answer of its peer, with 100,000 shards; then what it needs when nothing happens. */
async function home(): Promise<Measured[]> {
  const folder = mkdtempSync(join(tmpdir(), 'shoal-bench-'));
  try {
    await made(join(folder, 'shards'));
    const startMs: number[] = [];
    const rss: number[] = [];
    for (let each = 0; each < starts; each++) {
      const beganMs = performance.now();
      const peer = start(['peer', '--home', folder, '--signaling', 'ws://localhost:9', '--log-level', 'silent'], { limitMs: 120_000 });
      await peer.says(/lends/);
      await run(['status', '--home', folder]);
      startMs.push(performance.now() - beganMs);
      if (each === starts - 1) await new Promise((resolve) => setTimeout(resolve, idleAfterMs));
      rss.push(residentMb(peer));
      peer.child.kill('SIGTERM');
      await peer.ended;
    }
    return [
      { name: 'start with 100,000 shards to the first answer', unit: 'ms', samples: startMs },
      { name: 'memory with 100,000 shards, idle', unit: 'MB', samples: rss.slice(-1) },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Memory of a peer without shards. */
async function idle(): Promise<Measured[]> {
  const folder = mkdtempSync(join(tmpdir(), 'shoal-bench-'));
  const peer = start(['peer', '--home', folder, '--signaling', 'ws://localhost:9', '--log-level', 'silent'], { limitMs: 120_000 });
  await peer.says(/lends/);
  await new Promise((resolve) => setTimeout(resolve, idleAfterMs));
  const samples = [residentMb(peer)];
  peer.child.kill('SIGTERM');
  await peer.ended;
  rmSync(folder, { recursive: true, force: true });
  return [{ name: 'memory without shards, idle', unit: 'MB', samples }];
}

function made(folder: string): Promise<void> {
  const maker: ChildProcess = spawn(process.execPath, [fileURLToPath(new URL('make-shards.mjs', import.meta.url)), folder, String(shards)]);
  return new Promise((resolve, reject) => {
    maker.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`make-shards ended with ${code}`))));
  });
}

/** Resident memory of a process, 10^6 bytes; by /proc, so on Linux. */
function residentMb({ child }: Running): number {
  const [, kib] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? [];
  return (Number(kib) * 1_024) / 1e6;
}

test('node-peer', async () => {
  const measured = [...(await transfers()), ...(await home()), ...(await idle())];
  mkdirSync(dirname(figuresFile('node-peer')), { recursive: true });
  writeFileSync(figuresFile('node-peer'), figures(measured));
});
