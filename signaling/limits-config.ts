import * as z from 'zod/mini';
import { joinDeadlineMs, pingEveryMs, swarmPeersMax } from '../src/core/wire/signaling.ts';

const count = (fallback: number) => z._default(z.int().check(z.minimum(1)), fallback);
const rate = (perSecond: number, burst: number) =>
  z._default(z.strictObject({ perSecond: z.number().check(z.minimum(0)), burst: z.int().check(z.minimum(1)) }), { perSecond, burst });
const group = <T extends z.core.$ZodLooseShape>(shape: T) => z.prefault(z.strictObject(shape), {} as never);

/**
 * Every bound of the signaling server. All of them are configuration, since a whole test swarm, or an office, shares one network prefix.
 *
 * The rates allow for a tab that joins 1,000 others: it dials 4 at once, each dial being one description and some 20 candidates.
 */
export const limitsSchema = z.strictObject({
  socketsMax: count(4_000),
  /** Sockets from one network prefix (/24, /56). */
  socketsPerPrefixMax: count(256),
  swarmPeersMax: z._default(z.int().check(z.minimum(1), z.maximum(swarmPeersMax)), swarmPeersMax),
  /** Network prefixes whose rates are remembered. */
  prefixesMax: count(10_000),
  /** A socket whose peer reads so slowly that more than this waits for it is closed. */
  sendBufferBytesMax: count(1_048_576),
  joinDeadlineMs: count(joinDeadlineMs),
  pingEveryMs: count(pingEveryMs),
  /** Messages of one socket, by kind; what is over is refused `busy`. */
  socket: group({ join: rate(0.1, 1), knock: rate(20, 128), signal: rate(100, 500), alive: rate(0.1, 3), leave: rate(0.1, 1) }),
  /** Messages of all sockets of one network prefix, by kind, and new connections. */
  prefix: group({
    connect: rate(20, 256),
    join: rate(20, 256),
    knock: rate(400, 4_000),
    signal: rate(2_000, 16_000),
    alive: rate(40, 512),
    leave: rate(20, 256),
  }),
  /** Refused messages that one socket may send before it is closed. */
  offences: rate(0.1, 8),
});

export type Limits = z.infer<typeof limitsSchema>;
