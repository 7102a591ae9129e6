import { ShoalError } from '../src/core/errors.ts';
import { clientMessage } from '../src/core/wire/client-message.ts';
import { clientMessageBytesMax, clientMessageKinds, signalingVersion, type ClientMessage } from '../src/core/wire/signaling.ts';

/**
 * The message in one WebSocket payload. Throws `too-large`, `bad-input` (binary, not JSON, wrong shape) or `too-new` (a kind or version
 * unknown here); what they say never repeats what the peer sent.
 */
export function readMessage(payload: Buffer, binary: boolean): ClientMessage {
  if (payload.length > clientMessageBytesMax) throw new ShoalError('too-large', `a message may have ${clientMessageBytesMax} bytes`);
  if (binary) throw new ShoalError('bad-input', 'a message is JSON text, not binary');
  const value = parseJson(payload);
  const { t, v } = typeof value === 'object' && value !== null ? (value as { t?: unknown; v?: unknown }) : {};
  if (typeof t !== 'string') throw new ShoalError('bad-input', 'a message is a JSON object with its kind in t');
  if (!clientMessageKinds.some((kind) => kind === t)) throw new ShoalError('too-new', 'this kind of message is not known here');
  if (t === 'join' && typeof v === 'number' && v !== signalingVersion)
    throw new ShoalError('too-new', `this server speaks version ${signalingVersion}`);
  const parsed = clientMessage.safeParse(value);
  if (!parsed.success) throw new ShoalError('bad-input', `this ${t} is malformed${where(parsed.error.issues[0]?.path)}`);
  return parsed.data;
}

function parseJson(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString('utf8'));
  } catch {
    throw new ShoalError('bad-input', 'a message is JSON text');
  }
}

/** Names the field at fault: schema keys only, since an unknown key is reported at its parent. */
function where(path: readonly PropertyKey[] | undefined): string {
  return path && path.length > 0 ? ` at ${path.map(String).join('.')}` : '';
}
