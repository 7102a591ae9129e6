import { drain } from '../../test/links-world.ts';
import { virtualClock } from '../platform/memory/clock.ts';
import { memoryNetwork } from '../platform/memory/network.ts';
import { linkContract } from '../platform/links.contract.ts';
import { gated } from './gate.ts';
import { peerClock } from './peer-clock.ts';

linkContract('of simulated peers without faults', async () => {
  const clock = virtualClock(drain);
  const network = memoryNetwork({ clock, seed: 'gated', latencyMs: 20, jitterMs: 10 });
  const dialerOf = (node: string) => gated(network.peer({ node }), peerClock(clock)).dialer;
  return {
    dialers: [dialerOf('aa'.repeat(32)), dialerOf('bb'.repeat(32))],
    async settle(done) {
      if (!(await clock.runUntil(done, clock.now() + 60_000))) throw new Error('it did not come to pass within a minute');
    },
    close: async () => {},
  };
});
