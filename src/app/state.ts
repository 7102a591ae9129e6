import { create } from 'zustand';
import type { Snapshot } from '../peer/snapshot.ts';

export type { ErrorCode } from '../core/errors.ts';
export { errorCode, errorCodes } from '../core/errors.ts';
export type {
  EventDetail,
  EventView,
  FileState,
  FileView,
  Health,
  HolderView,
  PeerView,
  ReceiveState,
  ReceiveView,
  ReplacingView,
  SelfView,
  Snapshot,
  UploadView,
} from '../peer/snapshot.ts';

/** `elsewhere`: another tab of this profile runs the peer. `insecure`: no secure context, so no peer can run. */
export type Phase = 'starting' | 'running' | 'elsewhere' | 'insecure' | 'failed';

export interface PageState {
  readonly phase: Phase;
  /** Name of the profile; `''` for the unnamed one. */
  readonly profile: string;
  /** Why the phase is `failed`: one plain sentence. */
  readonly failure?: string | undefined;
  /** What the peer last showed of itself. */
  readonly snapshot?: Snapshot | undefined;
}

const useStore = create<PageState>()(() => ({ phase: 'starting', profile: '' }));

/** The part of the page's state that `select` picks; renders again when that part changes. */
export function usePage<T>(select: (state: PageState) => T): T {
  return useStore(select);
}

/** The page's state now, for code outside React. */
export function pageState(): PageState {
  return useStore.getState();
}

/** Replaces the given parts of the page's state. Only `src/app` calls it. */
export function setPage(part: Partial<PageState>): void {
  useStore.setState(part);
}
