import { fork, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { equalBytes } from '../../src/core/bytes/compare.ts';
import { parityMatrix } from '../../src/core/erasure/matrix.ts';
import { referenceCoder } from '../../src/core/erasure/reference.ts';
import { bestCoding } from '../../workers/kernel/kernel.ts';
import { benchmark } from '../benchmark.ts';
import { blockBytes, dataBlocks, encodedRoom, k, m, windowMs } from '../coding.ts';
import { interleaved } from '../measure.ts';

// Two processes, of which one computes at a time: Intel's library behind a few lines of C, and our relaxed kernel in Node, which before
// version 22 has these instructions only when told so.

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const parity = encodedRoom(referenceCoder).bytes.slice(k * blockBytes);

/** Compiles isal.c; with why not, when this machine has not what it takes. */
function compiled(program: string): string | undefined {
  const { error, status, stderr } = spawnSync('cc', ['-O2', '-o', program, here('isal.c'), '-lisal'], { encoding: 'utf8' });
  if (error) return 'there is no C compiler `cc` here; on Debian: apt install gcc libc6-dev libisal-dev';
  if (status === 0) return undefined;
  if (/isa-l\/erasure_code\.h|-lisal/.test(stderr)) return "Intel's ISA-L is not here; on Debian: apt install libisal-dev";
  throw new Error(`isal.c does not compile:\n${stderr}`);
}

interface Isal {
  speed(way: 'sse' | 'best'): Promise<number>;
  end(): void;
}

async function startIsal(program: string): Promise<Isal> {
  const coefficients = parityMatrix(k, m).flatMap((row) => [...row].map(String));
  const child = spawn(program, coefficients, { stdio: ['pipe', 'pipe', 'inherit'] });
  const pieces = child.stdout[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const ask = async (line: string, isWhole: (answer: Buffer) => boolean): Promise<Buffer> => {
    child.stdin.write(`${line}\n`);
    let answer = Buffer.alloc(0);
    while (!isWhole(answer)) {
      const piece = await pieces.next();
      if (piece.done) throw new Error('isal.c ended early');
      answer = Buffer.concat([answer, piece.value]);
    }
    return answer;
  };
  if (!equalBytes(await ask('parity', ({ length }) => length >= parity.length), parity)) throw new Error('ISA-L gives other parity');
  return {
    speed: async (way) => Number(await ask(`${way} ${windowMs}`, (answer) => answer.includes('\n'))),
    end: () => child.stdin.end(),
  };
}

interface Ours {
  speed(): Promise<number>;
  end(): void;
}

async function startOurs(): Promise<Ours> {
  const execArgv = bestCoding() === 'relaxed' ? [] : ['--experimental-wasm-relaxed-simd'];
  const child = fork(here('coder-end.mjs'), { execArgv, serialization: 'advanced' });
  const ask = async <T>(message: object): Promise<T> => {
    child.send(message);
    const [answer] = (await Promise.race([once(child, 'message'), once(child, 'exit').then(() => [])])) as [T?];
    if (answer === undefined) throw new Error('coder-end.mjs ended early');
    return answer;
  };
  const first = await ask<{ coding: string; parity: Uint8Array }>({ data: dataBlocks() });
  if (first.coding !== 'relaxed') throw new Error(`the kernel of the process is ${first.coding}, not relaxed`);
  if (!equalBytes(first.parity, parity)) throw new Error('the relaxed kernel gives other parity');
  return {
    speed: async () => (await ask<{ speed: number }>({ ms: windowMs })).speed,
    end: () => child.disconnect(),
  };
}

benchmark('isal', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'shoal-isal-'));
  const ends: { end(): void }[] = [];
  try {
    const program = join(folder, 'isal');
    const missing = compiled(program);
    if (missing !== undefined) return [{ goal: 'rs-relaxed-by-isal', skipped: missing }];
    const isal = await startIsal(program);
    ends.push(isal);
    const ours = await startOurs();
    ends.push(ours);
    const { samples, by } = await interleaved({
      ours: () => ours.speed(),
      sse: () => isal.speed('sse'),
      best: () => isal.speed('best'),
    });
    const unit = 'MB/s of data';
    return [
      { name: '6+3 encode, relaxed, Node', unit, samples: samples.ours },
      { name: '6+3 encode, ISA-L by SSE', unit, samples: samples.sse },
      { name: '6+3 encode, ISA-L by the best that this processor has', unit, samples: samples.best },
      { name: 'relaxed by ISA-L SSE', unit: 'times', goal: 'rs-relaxed-by-isal', samples: by('ours', 'sse') },
      { name: "relaxed by ISA-L's best", unit: 'times', samples: by('ours', 'best') },
    ];
  } finally {
    for (const each of ends) each.end();
    rmSync(folder, { recursive: true });
  }
});
