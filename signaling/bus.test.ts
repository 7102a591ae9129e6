import { memoryBus } from './bus.ts';
import { busContract } from './bus.contract.ts';

busContract('the bus in memory', () => ({ bus: memoryBus(), settle: () => Promise.resolve() }));
