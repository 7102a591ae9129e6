import * as z from 'zod/mini';
import { signalingPath } from '../../src/core/wire/signaling.ts';
import { configSchema as serverSchema } from '../../signaling/config.ts';
import { parseOffset } from '../../src/platform/clock-offset.ts';
import { parseRate, parseSize } from './units.ts';

/** Text that `read` understands, or what it would give. */
function readable<T>(read: (text: string) => T | undefined) {
  return z.pipe(
    z.union([z.string(), z.number()]),
    z.transform((value, context): T => {
      const result = read(String(value));
      if (result !== undefined) return result;
      context.issues.push({ code: 'custom', input: value, message: 'not understood' });
      return z.NEVER;
    }),
  );
}

const text = z.string().check(z.minLength(1));
const label = z.string().check(z.regex(/^[A-Za-z0-9._-]{1,64}$/));
const port = z.int().check(z.minimum(0), z.maximum(65_535));
const size = readable(parseSize);
const duration = readable(parseOffset);
const rate = readable((value) => positive(parseRate(value)));

/** Most peers that one `serve` starts on its machine. */
export const serverPeersMax = 64;

/** The values of what nobody has set. */
export interface Defaults {
  readonly home: string;
  /** Peers that `serve` starts. */
  readonly peers: number;
}

/** Everything that can be set (SPEC CONF-1). The server's own part is what `signaling/` says of itself. */
export function schemaWith(defaults: Defaults) {
  return z.strictObject({
    home: z._default(text, defaults.home),
    signaling: z._default(
      z.pipe(
        z.string(),
        z.transform((value, context) => {
          const url = signalingUrl(value);
          if (url !== undefined) return url;
          context.issues.push({ code: 'custom', input: value, message: 'not understood' });
          return z.NEVER;
        }),
      ),
      `ws://localhost:8080${signalingPath}`,
    ),
    swarm: z._default(label, 'shoal'),
    /** Bytes lent to the swarm. */
    capacity: z._default(size, 10e9),
    domain: z.optional(label),
    region: z.optional(label),
    /** Bytes a second; unlimited where absent. */
    bandwidth: z.prefault(z.strictObject({ up: z.optional(rate), down: z.optional(rate) }), {}),
    /** How far the clock of the peer goes ahead, ms; only where signaling is on this machine. */
    clockOffset: z._default(duration, 0),
    logLevel: serverSchema.shape.logLevel,
    metricsPort: z.optional(port),
    metricsHost: z._default(text, 'localhost'),
    server: z.prefault(
      z.extend(z.omit(serverSchema, { logLevel: true }), {
        peers: z._default(z.int().check(z.minimum(0), z.maximum(serverPeersMax)), defaults.peers),
      }),
      {},
    ),
  });
}

export type Config = z.infer<ReturnType<typeof schemaWith>>;

/**
 * Where a peer meets its signaling server. The address of the page is taken too, since that is what people have: its server listens at
 * one path of the same origin. Undefined when the text is neither.
 */
export function signalingUrl(value: string): string | undefined {
  if (!URL.canParse(value.trim())) return undefined;
  const url = new URL(value.trim());
  if (url.hostname === '') return undefined;
  const scheme = { 'http:': 'ws:', 'https:': 'wss:', 'ws:': 'ws:', 'wss:': 'wss:' }[url.protocol];
  if (scheme === undefined) return undefined;
  const path = url.protocol.startsWith('http') || url.pathname === '/' ? signalingPath : url.pathname;
  return `${scheme}//${url.host}${path}`;
}

function positive(value: number | undefined): number | undefined {
  return value !== undefined && value > 0 ? value : undefined;
}
