import { describe, expect, it } from 'vitest';
import { decodeCbor, encodeCbor, type CborMap } from '../bytes/cbor.ts';
import { encodeSigned } from '../object/signed.ts';
import { acceptRequest, encodeRequestBody, type OwnerRequest, parseRequest, type RequestContext } from './envelope.ts';
import { requestBytesMax, requestSkewMs, swarmTextMax } from './limits.ts';

const nowMs = 1_800_000_000_000;
const fill = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const request: OwnerRequest = {
  kind: 34,
  swarm: 'swarm',
  from: fill(1),
  audience: fill(2),
  sessionId: fill(3),
  sequence: 5,
  ts: nowMs,
  bodyHash: fill(4),
};
const context: RequestContext = {
  nowMs,
  kind: 34,
  swarm: 'swarm',
  audience: fill(2),
  sessionId: fill(3),
  lastSequence: 4,
  bodyHash: fill(4),
};

describe('signed requests', () => {
  it('[REQ-1] a request reads back, at its longest too', () => {
    for (const each of [request, { ...request, swarm: 'é'.repeat(swarmTextMax), sequence: Number.MAX_SAFE_INTEGER, kind: 2 ** 32 }]) {
      const signed = encodeSigned(encodeRequestBody(each), new Uint8Array(64));
      expect(signed.length).toBeLessThanOrEqual(requestBytesMax);
      expect(parseRequest(signed).request).toEqual(each);
    }
  });

  it('[REQ-1] a later version is too-new, another form bad-input', () => {
    const map = decodeCbor(encodeRequestBody(request)) as CborMap;
    const sign = (body: CborMap): Uint8Array => encodeSigned(encodeCbor(body), new Uint8Array(64));
    expect(() => parseRequest(sign(new Map([...map, [1, 2]])))).toThrow(expect.objectContaining({ code: 'too-new' }));
    expect(() => parseRequest(sign(new Map([...map, [10, 1]])))).toThrow(expect.objectContaining({ code: 'bad-input' }));
    expect(() => parseRequest(new Uint8Array(requestBytesMax + 1))).toThrow(expect.objectContaining({ code: 'bad-input' }));
  });

  it('[REQ-2] it is accepted for this peer, session, kind and body, with a sequence that rises', () => {
    expect(acceptRequest(request, context)).toBe('ok');
    expect(acceptRequest({ ...request, sequence: 6 }, context)).toBe('ok');
  });

  const wrong: Record<string, Partial<OwnerRequest>> = {
    swarm: { swarm: 'other' },
    audience: { audience: fill(9) },
    session: { sessionId: fill(9) },
    kind: { kind: 35 },
    body: { bodyHash: fill(9) },
    'replayed sequence': { sequence: 4 },
    'sequence that falls': { sequence: 1 },
  };
  it.each(Object.entries(wrong))('[REQ-2] another %s is refused with auth', (_name, change) => {
    expect(acceptRequest({ ...request, ...change }, context)).toMatchObject({ code: 'auth' });
  });

  it('[REQ-2] more than 5 minutes off, either way, is stale', () => {
    for (const skew of [-requestSkewMs, requestSkewMs]) {
      expect(acceptRequest({ ...request, ts: nowMs + skew }, context)).toBe('ok');
      expect(acceptRequest({ ...request, ts: nowMs + skew + Math.sign(skew) }, context)).toMatchObject({ code: 'stale' });
    }
  });
});
