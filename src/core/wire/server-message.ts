import { errorCodes, ShoalError } from '../errors.ts';
import {
  candidateCharsMax,
  challengeBytes,
  detailCharsMax,
  domainBytes,
  type IceServer,
  iceScheme,
  iceServersMax,
  iceTextCharsMax,
  iceUrlsMax,
  idBytes,
  type IntroducedPeer,
  lineIndexMax,
  peerClasses,
  sdpCharsMax,
  sdpMidCharsMax,
  type ServerMessage,
  type SignalPayload,
  swarmPeersMax,
} from './signaling.ts';

/** A message of the server as it came out of JSON (SPEC SGN-3). Keys that are not known here are dropped; anything else is `bad-input`. */
export function readServerMessage(json: unknown): ServerMessage {
  const { t, ...message } = keys(json);
  switch (t) {
    case 'challenge':
      return { t, challenge: hex(message['challenge'], challengeBytes) };
    case 'peers':
      return {
        t,
        you: hex(message['you'], idBytes),
        peers: list(message['peers'], swarmPeersMax).map(introduced),
        ice: list(message['ice'], iceServersMax).map(iceServer),
      };
    case 'joined':
      return { t, peer: introduced(message['peer']) };
    case 'left':
      return { t, node: hex(message['node'], idBytes) };
    case 'knock':
      return { t, from: hex(message['from'], idBytes) };
    case 'signal':
      return { t, from: hex(message['from'], idBytes), data: signalData(message['data']) };
    case 'alive':
      return { t };
    case 'error':
      return {
        t,
        code: oneOf(message['code'], errorCodes),
        detail: text(message['detail'], detailCharsMax),
        ...optional('to', message['to'], (to) => hex(to, idBytes)),
      };
    default:
      throw refused();
  }
}

function introduced(json: unknown): IntroducedPeer {
  const peer = keys(json);
  return {
    node: hex(peer['node'], idBytes),
    key: hex(peer['key'], idBytes),
    class: oneOf(peer['class'], peerClasses),
    ...optional('domain', peer['domain'], (domain) => hex(domain, domainBytes)),
    ...(peer['local'] === true ? { local: true } : {}),
  };
}

function iceServer(json: unknown): IceServer {
  const server = keys(json);
  const { urls } = server;
  if (Array.isArray(urls) && urls.length === 0) throw refused();
  return {
    urls: Array.isArray(urls) ? list(urls, iceUrlsMax).map(iceUrl) : iceUrl(urls),
    ...optional('username', server['username'], (name) => text(name, iceTextCharsMax)),
    ...optional('credential', server['credential'], (secret) => text(secret, iceTextCharsMax)),
  };
}

function iceUrl(json: unknown): string {
  const url = text(json, iceTextCharsMax);
  if (!iceScheme.test(url)) throw refused();
  return url;
}

function signalData(json: unknown): SignalPayload {
  const data = keys(json);
  if (data['type'] !== 'candidate') {
    const sdp = text(data['sdp'], sdpCharsMax);
    if (sdp === '') throw refused();
    return { type: oneOf(data['type'], ['offer', 'answer']), sdp };
  }
  const { sdpMid, sdpMLineIndex } = data;
  return {
    type: 'candidate',
    candidate: text(data['candidate'], candidateCharsMax),
    sdpMid: sdpMid === null ? null : text(sdpMid, sdpMidCharsMax),
    sdpMLineIndex: sdpMLineIndex === null ? null : lineIndex(sdpMLineIndex),
  };
}

function keys(json: unknown): Readonly<Record<string, unknown>> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw refused();
  return json as Readonly<Record<string, unknown>>;
}

function list(json: unknown, most: number): readonly unknown[] {
  if (!Array.isArray(json) || json.length > most) throw refused();
  return json;
}

function text(json: unknown, charsMax: number): string {
  if (typeof json !== 'string' || json.length > charsMax) throw refused();
  return json;
}

function hex(json: unknown, bytes: number): string {
  const digits = text(json, 2 * bytes);
  if (digits.length !== 2 * bytes || !/^[0-9a-f]*$/.test(digits)) throw refused();
  return digits;
}

function lineIndex(json: unknown): number {
  if (!Number.isInteger(json) || (json as number) < 0 || (json as number) > lineIndexMax) throw refused();
  return json as number;
}

function oneOf<T extends string>(json: unknown, known: readonly T[]): T {
  const found = known.find((each) => each === json);
  if (found === undefined) throw refused();
  return found;
}

/** A key that may be absent. */
function optional<K extends string>(key: K, json: unknown, read: (json: unknown) => string): { readonly [key in K]?: string } {
  return json === undefined ? {} : ({ [key]: read(json) } as { readonly [key in K]?: string });
}

const refused = (): ShoalError => new ShoalError('bad-input', 'This is no known message of a signaling server.');
