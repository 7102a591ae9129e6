import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Running, start } from './run.testing.ts';

/** The part of systemd that a trial needs: it reads units, starts their `ExecStart` and ends them by SIGTERM. */
export interface Services {
  /** What `systemctl` would do with this line. Rejects when a service does not start, or does not end with status 0 in time. */
  systemctl(line: string): Promise<void>;
  /** Addresses of the metrics of the peers that run. */
  readonly metrics: () => readonly string[];
  stopAll(): Promise<void>;
}

interface Unit {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly stopWithinMs: number;
}

/** How long peers may take to be linked with each other, ms, and how often that is looked at. */
const settleMs = 30_000;
const lookMs = 50;
/** Longer than any trial. */
const limitMs = 300_000;

/**
 * @param program what `ExecStart` has to name
 * @param units folder of unit files
 */
export function createServices(program: string, units: string): Services {
  const running = new Map<string, Running & { readonly metrics?: string | undefined }>();

  const begin = async (name: string): Promise<void> => {
    const { args, env } = readUnit(program, units, name);
    const service = start(args, { env, limitMs });
    running.set(name, service);
    await service.says(/Shoal runs at|lends/);
    if (args[0] !== 'peer') return;
    const [metrics] = (await service.says(/http:\S+\/metrics/))!;
    running.set(name, { ...service, metrics });
  };

  const end = async (name: string): Promise<void> => {
    const service = running.get(name);
    if (service === undefined) throw new Error(`${name} does not run`);
    running.delete(name);
    const timer = setTimeout(() => service.child.kill('SIGKILL'), readUnit(program, units, name).stopWithinMs);
    service.child.kill('SIGTERM');
    const { status, signal, stderr } = await service.ended;
    clearTimeout(timer);
    if (status !== 0) throw new Error(`${name} ended with ${status ?? signal}:\n${stderr}`);
  };

  const metrics = (): string[] => [...running.values()].flatMap((service) => service.metrics ?? []);

  /** An operator types slower than peers meet. */
  const settled = async (): Promise<void> => {
    const untilMs = performance.now() + settleMs;
    const all = metrics();
    while (!(await Promise.all(all.map((url) => hasLinks(url, all.length - 1)))).every(Boolean)) {
      if (performance.now() > untilMs) throw new Error(`${all.length} peers are not all linked after ${settleMs / 1_000} s`);
      await pause(lookMs);
    }
  };

  return {
    metrics,
    async systemctl(line) {
      const [, verb, ...rest] = line.trim().split(/\s+/);
      const names = rest.filter((word) => !word.startsWith('--'));
      if (verb === 'stop' || verb === 'restart' || verb === 'disable') await Promise.all(names.map(end));
      if (verb === 'start' || verb === 'restart' || verb === 'enable') await Promise.all(names.map(begin));
      if (!['daemon-reload', 'start', 'stop', 'restart', 'enable', 'disable'].includes(verb ?? ''))
        throw new Error(`${line}: not played here`);
      if (names.some((name) => name.startsWith('shoal-peer'))) await settled();
    },
    async stopAll() {
      await Promise.all([...running.keys()].map(end));
    },
  };
}

function readUnit(program: string, units: string, name: string): Unit {
  const [, base, instance] = /^([^@]+@?)(.*)$/.exec(name)!;
  const text = readFileSync(join(units, `${base}.service`), 'utf8').replaceAll('%i', instance!);
  const of = (key: string): string => new RegExp(`^${key}=-?(.*)$`, 'm').exec(text)![1]!;
  const [command, ...args] = of('ExecStart').split(' ');
  if (command !== program) throw new Error(`${name} starts ${command}, not ${program}`);
  const lines = readFileSync(of('EnvironmentFile'), 'utf8').trim().split('\n');
  const env = Object.fromEntries(lines.map((each) => [each.slice(0, each.indexOf('=')), each.slice(each.indexOf('=') + 1)]));
  return { args, env, stopWithinMs: Number(of('TimeoutStopSec')) * 1_000 };
}

async function hasLinks(metrics: string, wanted: number): Promise<boolean> {
  const text = await (await fetch(metrics)).text();
  return new RegExp(`^shoal_links ${wanted}$`, 'm').test(text) && text.includes('\nshoal_signaling_joined 1');
}
