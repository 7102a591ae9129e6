import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Running, run, start } from '../../cli/run.testing.ts';
import { benchmark } from '../benchmark.ts';
import type { Measured } from '../figures.ts';
import { interleaved, quick } from '../measure.ts';
import { twoProcesses } from './two-processes.ts';

const bytes = (quick() ? 8 : 64) * 1_048_576;
const size = `${bytes / 1_048_576} MiB`;
const shards = quick() ? 10_000 : 100_000;
const starts = 5;
/** A peer is idle when it has had this long after its start, ms. */
const idleAfterMs = quick() ? 1_000 : 15_000;

/** What is sealed already, from one process to the last claim of another: the store of files included. */
async function transfers(): Promise<Measured[]> {
  const bare = await twoProcesses('bare-end.mjs');
  const peers = await twoProcesses('peer-end.mjs');
  try {
    // A link gets its larger window, and the transport its speed, while it carries the first megabytes: those of the warm-up.
    const { samples, by } = await interleaved({ bare: () => bare.carry(bytes), peers: () => peers.carry(bytes) });
    return [
      { name: `${size} over a bare channel between two Node processes`, unit: 'MB/s', samples: samples.bare },
      { name: `${size}, sealed before, to the last claim of another Node peer`, unit: 'MB/s', samples: samples.peers },
      {
        name: 'the peer by the bare channel, window by window',
        unit: 'times',
        goal: 'node-transfer-by-bare',
        samples: by('peers', 'bare'),
      },
    ];
  } finally {
    for (const pair of [bare, peers]) pair.end();
  }
}

/** The whole command, from its start to the first answer of its peer, with many shards; then what it needs when nothing happens. */
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
      { name: `start with ${shards.toLocaleString('en')} shards to the first answer`, unit: 'ms', samples: startMs },
      { name: `memory with ${shards.toLocaleString('en')} shards, idle`, unit: 'MB', samples: rss.slice(-1) },
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

benchmark('peer', async () => [...(await transfers()), ...(await home()), ...(await idle())]);
