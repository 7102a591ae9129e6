import type { EventDetail } from '../app/state.ts';
import { shortId } from '../figures/format.ts';
import { strings } from './strings.ts';

type Of<Kind extends EventDetail['kind']> = Extract<EventDetail, { readonly kind: Kind }>;

const words = strings.events;
const named = (node: string | undefined): string => (node === undefined ? words.somebody : shortId(node));

/** The words of every kind of event; the type makes it total. */
const ofKind: { readonly [Kind in EventDetail['kind']]: (event: Of<Kind>) => string } = {
  peer: ({ what, node }) => words[what](named(node)),
  refused: ({ node, code, detail }) => words.refused(named(node), code, detail),
  hold({ what, node, segment, shard }) {
    const place = words.shard(segment, shard);
    return what === 'lost' ? words.lost(place) : words.holds(place, node === undefined ? undefined : shortId(node));
  },
  upload({ what, file, version = 1, code = 'internal' }) {
    const name = strings.versions.named(file, version);
    return what === 'stored' ? words.stored(name) : words.notStored(name, code);
  },
  deleted: ({ file }) => words.deleted(file),
  download({ what, file = strings.receive.unnamed, code = 'internal' }) {
    return what === 'done' ? words.downloaded(file) : words.notDownloaded(file, code);
  },
  verdict: ({ node, detail }) => words.verdict(named(node), detail),
  signaling: ({ state }) => words.signaling(strings.signalingStates[state]),
};

/** What happened, in words. Peers are named by the first 8 digits of their id. */
export function eventWords<Kind extends EventDetail['kind']>(event: Of<Kind>): string {
  const say: (event: Of<Kind>) => string = ofKind[event.kind as Kind];
  return say(event);
}
