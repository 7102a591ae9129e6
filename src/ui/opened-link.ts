import { create } from 'zustand';
import { commands } from '../app/commands.ts';
import { addressElsewhere, capabilityIn, takeLinkFromAddress } from '../app/links.ts';
import { type ErrorCode, errorCode } from '../app/state.ts';

/** The link this tab was opened with: taken from the address, then opened by the peer, or found to be no link. */
interface OpenedLink {
  readonly capability?: string | undefined;
  readonly receiveId?: string | undefined;
  readonly error?: ErrorCode | undefined;
}

const useStore = create<OpenedLink>()(() => ({}));

export function useOpenedLink(): OpenedLink {
  return useStore();
}

/** Takes the key out of the address bar, if there is one. Called before the first render and on every change of the hash. */
export function takeLink(): void {
  const capability = takeLinkFromAddress();
  if (capability !== undefined && capability !== useStore.getState().capability) useStore.setState({ capability }, true);
}

/** Has the peer open the link that was taken, if any. Needs a running peer. */
export function openTakenLink(): void {
  const { capability } = useStore.getState();
  if (capability === undefined) return;
  try {
    useStore.setState({ receiveId: commands.openLink(capability), error: undefined });
  } catch (error) {
    useStore.setState({ receiveId: undefined, error: errorCode(error) });
  }
}

/** The peer that opened the link has ended: the next one has to open it again. */
export function closeTakenLink(): void {
  useStore.setState({ receiveId: undefined, error: undefined });
}

/** A link, or the bare capability in it, as a person pastes it. One of another swarm takes this tab there. */
export function enterLink(text: string): void {
  const elsewhere = addressElsewhere(text);
  if (elsewhere !== undefined) return location.assign(elsewhere);
  const capability = capabilityIn(text);
  // By way of the address, so that a pasted link is remembered and erased exactly like one that was followed.
  history.replaceState(null, '', `#/r/${encodeURIComponent(capability)}`);
  takeLinkFromAddress();
  useStore.setState({ capability }, true);
}
