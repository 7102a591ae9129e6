import type { EventDetail } from '../app/state.ts';
import { strings } from './strings.ts';

/** What happened, in words. Peers are named by the first 8 digits of their id. */
export function eventWords(event: EventDetail): string {
  switch (event.kind) {
    case 'peer': {
      const words = { linked: 'Linked with', left: 'Said bye:', gone: 'Link lost:' } as const;
      return `${words[event.what]} ${short(event.node)}`;
    }
    case 'refused':
      return `A link with ${event.node === undefined ? 'an unknown peer' : short(event.node)} was refused (${event.code}): ${event.detail}`;
    case 'hold': {
      const shard = `shard ${event.shard} of segment ${event.segment}`;
      return event.what === 'lost' ? `Lost ${shard}` : `Holds ${shard}${event.node === undefined ? '' : ` for ${short(event.node)}`}`;
    }
    case 'upload':
      return event.what === 'stored' ? `${event.file} is stored` : `${event.file} was not stored (${event.code ?? 'internal'})`;
    case 'download': {
      const file = event.file ?? strings.receive.unnamed;
      return event.what === 'done' ? `${file} was downloaded and verified` : `${file} was not downloaded (${event.code ?? 'internal'})`;
    }
    case 'verdict':
      return `Peer ${short(event.node)} ${event.detail}`;
    case 'signaling':
      return `Signaling: ${strings.signalingStates[event.state].toLowerCase()}`;
  }
}

const short = (node: string): string => node.slice(0, 8);
