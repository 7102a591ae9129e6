import { describe, expect, test } from 'vitest';
import type { Bus, BusEvent } from './bus.ts';

/** What every Bus must do. `settle` resolves when all that was published has been delivered. */
export function busContract(name: string, make: () => { readonly bus: Bus; settle(): Promise<void> }): void {
  const left = (node: string): BusEvent => ({ server: 'a', kind: 'left', node });

  function collect(bus: Bus, swarm: string): { readonly nodes: string[]; readonly stop: () => void } {
    const nodes: string[] = [];
    const stop = bus.subscribe(swarm, (event) => {
      if (event.kind === 'left') nodes.push(event.node);
    });
    return { nodes, stop };
  }

  describe(`${name}, as a bus`, () => {
    test('[SGN-22] every subscriber of a swarm gets its events, in order, and nobody those of another swarm', async () => {
      const { bus, settle } = make();
      const [first, second, other] = [collect(bus, 'one'), collect(bus, 'one'), collect(bus, 'two')];
      for (const node of ['1', '2', '3']) bus.publish('one', left(node));
      await settle();
      expect(first.nodes).toEqual(['1', '2', '3']);
      expect(second.nodes).toEqual(['1', '2', '3']);
      expect(other.nodes).toEqual([]);
    });

    test('[SGN-22] nothing is delivered before publish has returned', async () => {
      const { bus, settle } = make();
      const { nodes } = collect(bus, 'one');
      bus.publish('one', left('1'));
      expect(nodes).toEqual([]);
      await settle();
      expect(nodes).toEqual(['1']);
    });

    test('[SGN-22] a subscription that has ended gets nothing, not even what was under way', async () => {
      const { bus, settle } = make();
      const ended = collect(bus, 'one');
      const kept = collect(bus, 'one');
      bus.publish('one', left('1'));
      ended.stop();
      bus.publish('one', left('2'));
      await settle();
      expect(ended.nodes).toEqual([]);
      expect(kept.nodes).toEqual(['1', '2']);
    });
  });
}
