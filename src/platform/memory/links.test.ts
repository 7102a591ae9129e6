import { linkContract } from '../links.contract.ts';
import { virtualClock } from './clock.ts';
import { memoryNetwork } from './network.ts';

const drain = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

for (const { name, bytesPerSecond } of [
  { name: 'in memory', bytesPerSecond: undefined },
  { name: 'in memory at 1 MB/s', bytesPerSecond: 1_000_000 },
]) {
  linkContract(name, async () => {
    const clock = virtualClock(drain);
    const network = memoryNetwork({
      clock,
      seed: name,
      latencyMs: 20,
      jitterMs: 10,
      ...(bytesPerSecond === undefined ? {} : { bytesPerSecond }),
    });
    return {
      dialers: [network.dialer('a'), network.dialer('b')],
      async settle(done) {
        if (!(await clock.runUntil(done, clock.now() + 60_000))) throw new Error('it did not come to pass within a minute');
      },
      close: async () => {},
    };
  });
}
