import { RTCPeerConnection } from 'node-datachannel/polyfill';
import { byeMs } from '../../core/wire/limits.ts';
import type { SignalData } from '../../peer/ports.ts';
import { byeText, isBye } from '../bye.ts';
import type { Connection } from '../channel-dialing.ts';
import { type FrameChannel, lowWaterBytes, shoalChannelId } from '../channel-link.ts';
import type { DtlsIdentity } from '../identity-check.ts';
import { knownIceServers } from './ice-servers.ts';
import { NodeChannel } from './node-channel.ts';

/** What happens to one connection. */
export interface ConnectionEvents {
  /** Something for the other side, by signaling. */
  signal(data: SignalData): void;
  /** Channel 100 is open, so DTLS is connected: with these certificates. */
  open(identity: DtlsIdentity): void;
  /** The connection is closed, by whoever; nothing follows. Called once. `bye`: the other side said that it leaves. */
  closed(reason: string, bye: boolean): void;
}

type Candidate = Extract<SignalData, { readonly type: 'candidate' }>;
type Description = Exclude<SignalData, Candidate>;

/** One RTCPeerConnection of node-datachannel, to a tab or to another Node peer (SPEC NRTC-*). */
export class Connector implements Connection {
  /** Channel 100. */
  readonly channel: FrameChannel;
  readonly #channel: NodeChannel;
  readonly #pc: RTCPeerConnection;
  readonly #events: ConnectionEvents;
  /** Carries `bye` alone. The initiator makes it: simple-peer in a tab is not connected before it has an ordinary channel. */
  #ordinary: RTCDataChannel | undefined;
  /** Candidates of the other side that came before its description. */
  #early: Candidate[] | undefined = [];
  /**
   * Own candidates of an initiator, until the answer is applied: a DTLS handshake that comes before the library has stored the
   * answer's fingerprint fails, and one dial in twenty between two fresh processes did.
   */
  #heldBack: Candidate[] | undefined;
  /** Runs since the other side said that it leaves. */
  #byeTimer: ReturnType<typeof setTimeout> | undefined;
  #over = false;

  /** Throws when the engine cannot make a connection. `iceServers` is always explicit: `[]` for none. */
  constructor(initiator: boolean, iceServers: readonly RTCIceServer[], events: ConnectionEvents) {
    this.#events = events;
    this.#heldBack = initiator ? [] : undefined;
    const pc = new RTCPeerConnection({ iceServers: knownIceServers(iceServers) });
    this.#pc = pc;
    // The library may reject it while nobody waits for an answer, and an unhandled rejection would end the process.
    pc.createAnswer().catch(() => undefined);
    pc.onicecandidate = ({ candidate }) => this.#gathered(candidate);
    pc.onconnectionstatechange = () => this.#changed();
    pc.ondatachannel = ({ channel }) => {
      // The library keeps every channel until the connection closes, each with a label of up to 64 KiB.
      if (this.#ordinary) this.#end('the other side opened a second ordinary channel');
      else this.#listen(channel);
    };
    const channel = pc.createDataChannel('shoal', { negotiated: true, id: shoalChannelId });
    channel.binaryType = 'arraybuffer';
    channel.bufferedAmountLowThreshold = lowWaterBytes;
    this.#channel = new NodeChannel(channel, () => this.#opened());
    this.channel = this.#channel;
    if (!initiator) return;
    this.#listen(pc.createDataChannel('bye'));
    this.#attempt(() => this.#offer());
  }

  signal(data: SignalData): void {
    if (this.#over) return;
    if (data.type !== 'candidate') this.#attempt(() => this.#apply(data));
    else if (this.#early) this.#early.push(data);
    else this.#add(data);
  }

  /** Tells the other side that this one leaves; needs a moment to go out before `close`. */
  sayBye(): void {
    try {
      this.#ordinary?.send(byeText);
    } catch {
      // Not open yet, or not any more: there is nobody to tell.
    }
  }

  /** Drops what has not left and frees the connection. To flush, close the channel first: the other side then ends the connection. */
  close(): void {
    this.#end('this side closed the connection');
  }

  async #offer(): Promise<void> {
    await this.#pc.setLocalDescription({ type: 'offer' });
    const { type, sdp } = (await this.#pc.createOffer()) as Description;
    // The initiator begins DTLS (RFC 8842 §5.3), for it is the last to be ready. Else the answerer does, half of the time before the
    // library here listens, and says it again only a second later.
    this.#describe({ type, sdp: sdp.replace('a=setup:actpass', 'a=setup:active') });
  }

  async #apply({ type, sdp }: Description): Promise<void> {
    await this.#pc.setRemoteDescription({ type, sdp });
    if (this.#over) return;
    for (const candidate of this.#early ?? []) this.#add(candidate);
    this.#early = undefined;
    if (type === 'offer') this.#describe(await this.#pc.createAnswer());
    for (const candidate of this.#heldBack ?? []) this.#events.signal(candidate);
    this.#heldBack = undefined;
  }

  #describe({ type, sdp }: Description): void {
    if (!this.#over) this.#events.signal({ type, sdp });
  }

  #gathered(candidate: RTCIceCandidate | null): void {
    if (this.#over || candidate === null || candidate.candidate === '') return;
    const { sdpMid, sdpMLineIndex } = candidate;
    const data: Candidate = { type: 'candidate', candidate: candidate.candidate, sdpMid, sdpMLineIndex };
    if (this.#heldBack) this.#heldBack.push(data);
    else this.#events.signal(data);
  }

  #add({ candidate, sdpMid, sdpMLineIndex }: Candidate): void {
    // An address that a browser hides behind mDNS: not to be resolved here. The tab reaches out instead.
    if (/^\S+(?: \S+){3} \S+\.local /i.test(candidate)) return;
    // A candidate that does not parse is normal from a network; a connection that needed it fails by its dial timeout.
    this.#pc.addIceCandidate({ candidate, sdpMid, sdpMLineIndex }).catch(() => undefined);
  }

  #attempt(negotiate: () => Promise<void>): void {
    negotiate().catch((error: Error) => this.#end(`the negotiation failed: ${error.message}`));
  }

  /** The ordinary channel, own or the other side's. */
  #listen(channel: RTCDataChannel): void {
    this.#ordinary = channel;
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (!this.#over && isBye(data)) this.#left();
    };
  }

  /**
   * The other side leaves. Nothing orders its `bye` after its last frames, which are on another channel: they are waited for until it
   * closes that. A tab that is killed never does.
   */
  #left(): void {
    this.#byeTimer ??= setTimeout(() => this.close(), byeMs);
  }

  #opened(): void {
    const { localDescription, remoteDescription } = this.#pc;
    this.#events.open({ localSdp: localDescription?.sdp ?? '', remoteSdp: remoteDescription?.sdp ?? '', certificate: undefined });
  }

  #changed(): void {
    const state = this.#pc.connectionState;
    if (state !== 'failed' && state !== 'closed') return;
    const reason = state === 'failed' ? 'the connection failed' : 'the other side closed the connection';
    // A turn later: a `bye` and the last frames that came before it are told first.
    setImmediate(() => this.#end(reason));
  }

  #end(reason: string): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#byeTimer);
    this.#early = undefined;
    this.#heldBack = undefined;
    this.#pc.onicecandidate = null;
    this.#pc.onconnectionstatechange = null;
    this.#pc.ondatachannel = null;
    if (this.#ordinary) this.#ordinary.onmessage = null;
    this.#pc.close();
    this.#channel.ended();
    const bye = this.#byeTimer !== undefined;
    this.#events.closed(bye ? 'the other side left' : reason, bye);
  }
}
