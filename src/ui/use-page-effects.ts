import { useEffect, useRef, useState } from 'react';
import { keepAwake } from '../app/awake.ts';
import { rememberLendingAsked } from '../app/lending-asked.ts';
import { pageState, usePage } from '../app/state.ts';
import { announcements } from './announcements.ts';
import { sendHeldFiles } from './file-intake.ts';
import { closeTakenLink, openTakenLink, useOpenedLink } from './opened-link.ts';
import { observePaces } from './paces.ts';
import { shown } from './shown.ts';
import { isSameTitle, pageTitle, tabIcon } from './tab-state.ts';
import { isLeavingHarmful, isMoving } from './transfers.ts';

/** Least time between two shares in the title: for each the browser draws its own window anew, which costs more than the page does. */
const titleMs = 1_000;

/** The tab's title and icon follow the route and what moves. */
export function useTabState(route: string): void {
  const { receiveId } = useOpenedLink();
  const title = usePage((state) => pageTitle(route, shown(state), receiveId));
  const icon = usePage((state) => tabIcon(shown(state)));
  const toldMs = useRef(-Infinity);
  useEffect(() => {
    const tell = (): void => {
      document.title = title;
      toldMs.current = performance.now();
    };
    const waitMs = isSameTitle(document.title, title) ? toldMs.current + titleMs - performance.now() : 0;
    if (waitMs <= 0) return tell();
    const timer = setTimeout(tell, waitMs);
    return () => clearTimeout(timer);
  }, [title]);
  useEffect(() => {
    document.querySelector('link[rel=icon]')?.setAttribute('href', icon);
  }, [icon]);
}

/** The browser asks before this tab is closed if, and only if, something would be lost. */
export function useLeaveGuard(): void {
  const harmful = usePage((state) => isLeavingHarmful(shown(state)));
  useEffect(() => {
    if (!harmful) return;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [harmful]);
}

/** The screen stays on while something moves. */
export function useWakeLock(): void {
  const moving = usePage((state) => {
    const snapshot = shown(state);
    return snapshot !== undefined && isMoving(snapshot);
  });
  useEffect(() => keepAwake(moving), [moving]);
}

/** Who lends storage needs no offer to do so any more. */
export function useLendingAsked(): void {
  const profile = usePage((state) => state.profile);
  const contributing = usePage((state) => shown(state)?.self.contributing ?? false);
  useEffect(() => {
    if (contributing) rememberLendingAsked(profile);
  }, [contributing, profile]);
}

/** Opens the link that was taken from the address as soon as the peer runs, and again after it was taken over. */
export function useTakenLink(): void {
  const running = usePage((state) => state.phase === 'running');
  const { capability, receiveId, error } = useOpenedLink();
  const pending = capability !== undefined && receiveId === undefined && error === undefined;
  useEffect(() => {
    if (!running) closeTakenLink();
    else if (pending) openTakenLink();
  }, [running, pending]);
}

/** Sends the files that were dropped while the peer was still starting. */
export function useHeldFiles(): void {
  const running = usePage((state) => state.phase === 'running');
  useEffect(() => {
    if (running) sendHeldFiles();
  }, [running]);
}

/** Keeps the paces of all transfers: by every snapshot, and by the second, since what stands still makes no snapshot. */
export function usePaces(): void {
  const snapshot = usePage(shown);
  useEffect(() => observePaces(snapshot, Date.now()), [snapshot]);
  useEffect(() => {
    const timer = setInterval(() => observePaces(shown(pageState()), Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
}

/** The last changes of state in words, for a live region. */
export function useAnnouncement(): string {
  const snapshot = usePage(shown);
  const before = useRef(snapshot);
  const [text, setText] = useState('');
  useEffect(() => {
    const said = announcements(before.current, snapshot);
    before.current = snapshot;
    if (said.length > 0) setText(said.join('. '));
  }, [snapshot]);
  return text;
}

/** Wall clock in ms, moving on every half minute. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
