import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { ShoalError } from '../src/core/errors.ts';
import type { Meter } from '../src/peer/metered.ts';
import type { PeerView, Snapshot } from '../src/peer/snapshot.ts';
import { withoutVisitors } from './access/peer-words.ts';

/** Bounds of the request durations, seconds: from a local answer to the deadline of a store. */
const durationBuckets = [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 60];

const states: readonly PeerView['state'][] = ['connecting', 'live', 'suspect', 'away'];

/** What a headless peer tells a Prometheus (SPEC METRIC-*). Names and units by its conventions; no label holds an id. */
export interface Metrics {
  /** Counts what the peer's links do. */
  readonly meter: Meter;
  /** All figures as text, those of the moment taken from `snapshot`. */
  text(snapshot: Snapshot): Promise<string>;
}

export function createMetrics(version: string): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const gauge = (name: string, help: string, labelNames: string[] = []): Gauge => new Gauge({ name, help, labelNames, registers });

  const bytes = new Counter({
    name: 'shoal_transferred_bytes_total',
    help: 'Bytes of frames carried by links, by direction and by what they were for.',
    labelNames: ['direction', 'reason'],
    registers,
  });
  const durations = new Histogram({
    name: 'shoal_request_duration_seconds',
    help: 'Time from a request to its answer, by kind, side (asked, served) and outcome.',
    labelNames: ['kind', 'side', 'outcome'],
    buckets: durationBuckets,
    registers,
  });
  gauge('shoal_build_info', 'Always 1; the version is the label.', ['version', 'node']).set({ version, node: process.version }, 1);
  const shards = gauge('shoal_shards', 'Shards held for others.');
  const stored = gauge('shoal_stored_bytes', 'Bytes of shards held for others.');
  const reserved = gauge('shoal_reserved_bytes', 'Bytes promised to shards on their way.');
  const capacity = gauge('shoal_capacity_bytes', 'Bytes lent.');
  const diskFull = gauge('shoal_disk_full', '1 when the disk had less room than was lent.');
  const peers = gauge('shoal_peers', 'Other peers known, by state.', ['state']);
  const links = gauge('shoal_links', 'Open links to other peers.');
  const signaling = gauge('shoal_signaling_joined', '1 while joined to the signaling server.');

  return {
    meter: {
      bytes: (direction, reason, count) => bytes.inc({ direction, reason }, count),
      request: (kind, side, outcome, ms) => durations.observe({ kind, side, outcome }, ms / 1000),
    },
    text({ self, peers: met }) {
      const known = withoutVisitors(met);
      shards.set(self.shards);
      stored.set(self.used);
      reserved.set(self.reserved);
      capacity.set(self.capacity);
      diskFull.set(self.diskFull ? 1 : 0);
      signaling.set(self.signaling === 'joined' ? 1 : 0);
      for (const state of states) peers.set({ state }, known.filter((peer) => peer.state === state).length);
      links.set(known.filter(({ linked }) => linked).length);
      return registry.metrics();
    },
  };
}

/** Connections to the metrics at once: whoever else can reach the port does not use up the files of the peer. */
const connectionsMax = 16;

/** Metrics that are served, and where, for the person. */
export interface ServedMetrics {
  readonly url: string;
  close(): void;
}

/** Serves `GET /metrics` for this machine, or for whom `host` names. Throws `bad-input` when the port is taken. */
export async function serveMetrics(metrics: Metrics, snapshot: () => Snapshot, at: { host: string; port: number }): Promise<ServedMetrics> {
  const server = createServer((request, response) => {
    if (request.url !== '/metrics' || request.method !== 'GET') {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('The metrics are at /metrics.\n');
      return;
    }
    metrics.text(snapshot()).then(
      (text) => response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  server.maxConnections = connectionsMax;
  server.listen(at.port, at.host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new ShoalError(
      'bad-input',
      `Metrics cannot be served on ${at.host}:${at.port}: ${(error as NodeJS.ErrnoException).code ?? 'unknown'}. Choose another --metrics-port.`,
    );
  }
  const { port, address } = server.address() as AddressInfo;
  return {
    url: `http://${address.includes(':') ? `[${address}]` : address}:${port}/metrics`,
    close: () => void server.close(),
  };
}
