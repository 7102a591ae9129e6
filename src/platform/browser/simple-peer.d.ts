/** The part of simple-peer 9.11.1 that connections.ts uses; the package brings no types of its own. */
declare module 'simple-peer/simplepeer.min.js' {
  /** What the `signal` event carries; kinds of media renegotiation come as other `type`s and are never wanted here. */
  export type PeerSignal =
    | { readonly type: 'offer' | 'answer'; readonly sdp: string }
    | { readonly type: 'candidate'; readonly candidate: RTCIceCandidateInit }
    | { readonly type: 'renegotiate' | 'transceiverRequest' };

  export interface PeerOptions {
    readonly initiator: boolean;
    readonly trickle: boolean;
    readonly config: RTCConfiguration;
  }

  export default class SimplePeer {
    constructor(options: PeerOptions);
    /** The RTCPeerConnection; null once destroyed, undefined where its construction failed. */
    readonly _pc: RTCPeerConnection | null | undefined;
    on(event: 'signal', handler: (signal: PeerSignal) => void): this;
    on(event: 'data', handler: (chunk: Uint8Array) => void): this;
    on(event: 'error', handler: (error: Error & { readonly code?: string }) => void): this;
    on(event: 'signalingStateChange', handler: (state: RTCSignalingState) => void): this;
    on(event: 'connect' | 'close', handler: () => void): this;
    /** Throws once destroyed, and for a candidate that does not parse. */
    signal(signal: PeerSignal): void;
    /** Sends on simple-peer's own channel. Throws while that is not open. */
    send(data: string): void;
    /** Ends the connection; the error comes as `error` before `close`. */
    destroy(error?: Error): void;
  }
}
