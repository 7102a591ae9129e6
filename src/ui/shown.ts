import type { PageState, Snapshot } from '../app/state.ts';

/** What the running peer shows. A peer that ended, here or by moving to another tab, shows nothing: its last words are no longer true. */
export function shown(state: PageState): Snapshot | undefined {
  return state.phase === 'running' ? state.snapshot : undefined;
}
