import { vi } from 'vitest';
import { linkContract, type DialerPair } from '../links.contract.ts';
import { openTab } from './test-tab.testing.ts';

/** Two tabs of this page, each with its own peer worker. */
const tabs = (pumpA: boolean, pumpB: boolean) => async (): Promise<DialerPair> => {
  const [a, b] = [openTab(pumpA), openTab(pumpB)];
  return {
    dialers: [a.dialer, b.dialer],
    settle: async (done) => void (await vi.waitUntil(done, { timeout: 10_000, interval: 5 })),
    close: async () => [a, b].forEach((tab) => tab.close()),
  };
};

linkContract('WebRTC, both channels transferred to their workers', tabs(false, false));
linkContract('WebRTC, both channels pumped by their pages', tabs(true, true));
linkContract('WebRTC, one transferred and one pumped', tabs(false, true));
