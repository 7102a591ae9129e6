import { describe, expect, test } from 'vitest';
import { callsMax, incomingRequestsMax } from '../core/wire/limits.ts';
import { kinds } from '../core/wire/kinds.ts';
import { controlFrames, encodeMessage } from '../core/wire/message.ts';
import { together } from './checkers/checker.ts';
import { requestsAreBounded } from './checkers/requests.ts';
import { createLedger } from './ledger.ts';
import { requestCount } from './request-count.ts';

const frames = (kind: number, id: number, bytes = 0): Uint8Array[] =>
  controlFrames(encodeMessage({ kind, id, body: new Map([[1, new Uint8Array(bytes)]]) }));
const frame = (...message: Parameters<typeof frames>): Uint8Array => frames(...message)[0]!;

describe('[SIM-9] requests under way on a link', () => {
  test('count from their first frame until they are answered or given up, each way', () => {
    const count = requestCount();
    // Of a long message the first piece alone, of whatever size its id is.
    const long = frames(kinds.recordPut, 70_001, 40_000).map((each) => count.sent(each));
    expect(long).toEqual([true, false, false]);
    for (const id of [1, 23, 25, 301]) count.sent(frame(kinds.recordGet, id));
    for (const id of [2, 1_000]) expect(count.received(frame(kinds.sync, id))).toBe(true);
    expect([count.asked, count.owed]).toEqual([5, 2]);

    expect(count.received(frame(kinds.progress, 1))).toBe(false);
    expect(count.received(frame(kinds.ok, 70_001))).toBe(false);
    count.received(frame(kinds.error, 301));
    count.sent(frame(kinds.cancel, 23));
    count.sent(frame(kinds.ok, 2));
    count.received(frame(kinds.cancel, 1_000));
    count.received(frame(kinds.bye, 0));
    expect([count.asked, count.owed]).toEqual([2, 0]);
  });

  test('past their bounds are found; while the link takes no answers nothing is said of those made to a peer', () => {
    const world = { ledger: createLedger(), nowMs: () => 0, machine: () => undefined, machines: () => [], startedMs: () => 0 };
    const { sights, counts } = together([requestsAreBounded], world);
    const who = { node: 'ab', honest: true };
    sights.asked(who, callsMax);
    sights.owed(who, incomingRequestsMax, 0);
    sights.owed(who, incomingRequestsMax + 1, 60_000);
    sights.owed({ ...who, honest: false }, incomingRequestsMax + 1, 0);
    expect(counts['requests-never-passed']).toEqual({ checks: 2, violations: 0 });
    sights.asked(who, callsMax + 1);
    sights.owed(who, incomingRequestsMax + 1, 0);
    expect(counts['requests-never-passed']).toEqual({ checks: 4, violations: 2 });
  });
});
