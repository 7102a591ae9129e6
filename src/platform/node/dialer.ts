import { byeMs } from '../../core/wire/limits.ts';
import type { DialEvents, Dialer, Dialing, SignalData } from '../../peer/ports.ts';
import { ChannelDialing } from '../channel-dialing.ts';
import { Connector } from './connector.ts';

/** The Dialer of a Node peer. */
export interface NodeDialer extends Dialer {
  /** Connections that are not closed yet. */
  readonly open: number;
  /** Says `bye` on every connection and closes it; resolves when the other sides have followed, after 250 ms at most (SPEC NRTC-5). */
  leave(): Promise<void>;
}

/** Dials by connections of this process (SPEC NRTC-*). `iceServers` gives the STUN and TURN servers of the moment. */
export function nodeDialer(iceServers: () => readonly RTCIceServer[]): NodeDialer {
  const connectors = new Set<Connector>();
  let emptied = (): void => undefined;

  function dial(initiator: boolean, events: DialEvents): Dialing {
    let connector: Connector | undefined;
    const connection = { signal: (data: SignalData) => connector?.signal(data), close: () => connector?.close() };
    const dialing = new ChannelDialing(connection, initiator, events);
    try {
      connector = new Connector(initiator, iceServers(), {
        signal: (data) => dialing.tell(data),
        open(identity) {
          dialing.identify(identity);
          if (connector) dialing.opens(connector.channel);
        },
        closed(reason, bye) {
          if (connector) connectors.delete(connector);
          if (connectors.size === 0) emptied();
          dialing.end(reason, bye);
        },
      });
      connectors.add(connector);
    } catch (error) {
      dialing.end(`a connection could not be made: ${(error as Error).message}`);
    }
    return dialing;
  }

  return {
    get open() {
      return connectors.size;
    },
    dial: (_node, initiator, events) => dial(initiator, events),
    async leave() {
      if (connectors.size === 0) return;
      const gone = new Promise<void>((resolve) => (emptied = resolve));
      for (const connector of connectors) {
        connector.sayBye();
        connector.channel.close();
      }
      const timer = setTimeout(() => [...connectors].forEach((connector) => connector.close()), byeMs);
      await gone;
      clearTimeout(timer);
    },
  };
}
