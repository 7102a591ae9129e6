import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { Config } from '../config/schema.ts';
import { configFileEnv, settings } from '../config/settings.ts';
import type { Env } from '../io.ts';

export interface PeerProcessOptions {
  readonly mainFile: string;
  readonly env: Env;
  readonly config: Config;
  /** Where the peers meet. */
  readonly signaling: string;
  readonly logLevel: Config['logLevel'];
}

/** Starts peer `index` of those that `serve` runs, with a home of its own. */
export function startPeerProcess(index: number, options: PeerProcessOptions): ChildProcess {
  return fork(options.mainFile, peerArgs(index, options), {
    env: envForPeer(options.env),
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
}

/** The command line of peer `index`, from 1. Metrics ports are counted on from the first peer's. */
export function peerArgs(index: number, { config, signaling, logLevel }: Omit<PeerProcessOptions, 'mainFile' | 'env'>): string[] {
  const { home, swarm, capacity, domain, region, bandwidth, clockOffset, metricsPort, metricsHost } = config;
  const flags: readonly (readonly [flag: string, value: string | number | undefined])[] = [
    ['home', join(home, `peer-${index}`)],
    ['signaling', signaling],
    ['swarm', swarm],
    ['capacity', capacity],
    ['domain', domain],
    ['region', region],
    ['bandwidth-up', bandwidth.up],
    ['bandwidth-down', bandwidth.down],
    ['clock-offset', clockOffset === 0 ? undefined : clockOffset],
    ['log-level', logLevel],
    ['metrics-host', metricsHost],
    ['metrics-port', metricsPort === undefined || metricsPort === 0 ? metricsPort : metricsPort + index - 1],
  ];
  return ['peer', ...flags.flatMap(([flag, value]) => (value === undefined ? [] : [`--${flag}`, String(value)]))];
}

/** Without the variables of settings: the command line says all that counts, and six peers cannot share one metrics port. */
function envForPeer(env: Env): NodeJS.ProcessEnv {
  const names = new Set<string>([configFileEnv, ...settings.map((setting) => setting.env)]);
  return Object.fromEntries(Object.entries(env).filter(([name]) => !names.has(name)));
}
