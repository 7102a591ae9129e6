import { RTCPeerConnection } from 'node-datachannel/polyfill';

/** What signaling carries, as the tabs send and expect it. */
export type Signal =
  | { readonly type: 'offer' | 'answer'; readonly sdp: string }
  | { readonly type: 'candidate'; readonly candidate: string; readonly sdpMid: string | null; readonly sdpMLineIndex: number | null };

/** One end of a connection to a tab, for whoever sits in the middle: its own certificate, its own channel 100. */
export interface Connector {
  readonly channel: RTCDataChannel;
  signal(data: Signal): void;
  close(): void;
}

/** Connects to a tab as its peer would; `say` carries this end's signals to the tab. */
export function connector(initiator: boolean, say: (data: Signal) => void): Connector {
  const pc = new RTCPeerConnection({ iceServers: [] }) as unknown as globalThis.RTCPeerConnection;
  const channel = pc.createDataChannel('shoal', { negotiated: true, id: 100 });
  channel.binaryType = 'arraybuffer';
  // simple-peer in the tab waits for an ordinary channel before it is connected.
  if (initiator) pc.createDataChannel('ordinary');
  const early: Signal[] = [];
  pc.onicecandidate = ({ candidate }) => {
    if (candidate === null || candidate.candidate === '') return;
    say({ type: 'candidate', candidate: candidate.candidate, sdpMid: candidate.sdpMid, sdpMLineIndex: candidate.sdpMLineIndex });
  };
  const describe = (description: RTCSessionDescriptionInit): void =>
    say({ type: description.type as 'offer' | 'answer', sdp: description.sdp ?? '' });
  const apply = async (data: Signal): Promise<void> => {
    if (data.type === 'candidate') {
      if (pc.remoteDescription === null) early.push(data);
      else await pc.addIceCandidate(data);
      return;
    }
    await pc.setRemoteDescription(data);
    if (data.type === 'offer') describe(await pc.createAnswer());
    for (const candidate of early.splice(0)) await apply(candidate);
  };
  // One signal after another: a candidate may not overtake the description it belongs to.
  let turn = Promise.resolve();
  if (initiator)
    turn = (async () => {
      await pc.setLocalDescription({ type: 'offer' } as RTCSessionDescriptionInit);
      describe(await pc.createOffer());
    })();
  return {
    channel,
    signal(data) {
      turn = turn.then(() => apply(data)).catch(() => {});
    },
    close: () => pc.close(),
  };
}
