import { decodeDigest, encodeDigest, lackedBy } from '../core/wire/digest.ts';
import { ShoalError } from '../core/errors.ts';
import { digestBody, heartbeatsBody, kinds } from '../core/wire/kinds.ts';
import { heartbeatsMax } from '../core/wire/limits.ts';
import { noticeOf } from '../core/wire/message.ts';
import type { Links, Session } from './links/exchange.ts';
import type { Membership } from './membership.ts';
import type { Clock, Log, Random } from './ports.ts';

/** Time between two exchanges, of which a random part of up to a half is left out or added. */
const exchangeMs = 30_000;
const requestMs = 10_000;
/** One peer's digests are answered this often at most. */
const answerEveryMs = 5_000;
/** Notices that one link may still send after exchanges: one for each, and both sides may begin one at the same time. */
const awaitedMax = 2;

/**
 * Digest exchange (SPEC DIGEST-*): now and then this peer and a random linked one tell each other which heartbeats they know, and each
 * sends the other those that it lacks. So everyone comes to know of everyone, beyond their own links.
 */
export function createDigests(options: {
  readonly clock: Clock;
  readonly random: Random;
  readonly links: Links;
  readonly membership: Pick<Membership, 'heartbeats' | 'passedOn'>;
  readonly log: Log;
}): { stop(): void } {
  const { clock, random, links, membership, log } = options;
  const answeredMs = new WeakMap<Session, number>();
  /** Notices of heartbeats that may still come over a link. */
  const awaited = new WeakMap<Session, number>();
  let cancelNext = (): void => {};

  const report = (error: unknown): void => log('debug', 'digest exchange failed', { detail: error instanceof Error ? error.message : '' });
  const digest = () => digestBody.write({ digest: encodeDigest(membership.heartbeats()) });
  const awaitOne = (session: Session): void => void awaited.set(session, Math.min(awaitedMax, (awaited.get(session) ?? 0) + 1));

  /** Sends what the other side lacks. Of more than fit the others have their turn in later exchanges, from a random place on. */
  const tell = (session: Session, theirs: Uint8Array): void => {
    const lacked = lackedBy(decodeDigest(theirs), membership.heartbeats()).filter(({ node }) => node !== session.node);
    if (lacked.length === 0) return;
    const from = lacked.length <= heartbeatsMax ? 0 : below(lacked.length, random);
    const some = [...lacked.slice(from), ...lacked.slice(0, from)].slice(0, heartbeatsMax);
    session.notify(noticeOf(kinds.heartbeats, heartbeatsBody.write({ signed: some.map(({ signed }) => signed) })));
  };

  const exchange = async (session: Session): Promise<void> => {
    awaitOne(session);
    const call = session.call(kinds.digest, digest(), { deadlineMs: requestMs });
    tell(session, digestBody.read(await call.result).digest);
  };

  const schedule = (): void => {
    const byte = random.bytes(1)[0]!;
    cancelNext = clock.timer(exchangeMs * (0.5 + byte / 256), () => {
      const sessions = links.sessions();
      const session = sessions[below(sessions.length, random)];
      if (session !== undefined) exchange(session).catch(report);
      schedule();
    });
  };

  links.handle(kinds.digest, async ({ session, body }) => {
    if (clock.now() - (answeredMs.get(session) ?? -Infinity) < answerEveryMs)
      throw new ShoalError('busy', 'digests are not exchanged so often');
    answeredMs.set(session, clock.now());
    awaitOne(session);
    tell(session, digestBody.read(body).digest);
    return digest();
  });

  links.onNotify(kinds.heartbeats, (session, body) => {
    const left = awaited.get(session) ?? 0;
    if (left === 0) return log('info', 'heartbeats that nobody asked for');
    awaited.set(session, left - 1);
    const learn = async (): Promise<void> => {
      for (const signed of heartbeatsBody.read(body).signed) await membership.passedOn(signed).catch(report);
    };
    learn().catch(report);
  });

  schedule();
  return { stop: () => cancelNext() };
}

/** A random whole number below `count`, 0 when there is none; even enough for a thousand. */
function below(count: number, random: Random): number {
  const [high, low] = random.bytes(2);
  return Math.floor(((high! * 256 + low!) / 65_536) * count);
}
