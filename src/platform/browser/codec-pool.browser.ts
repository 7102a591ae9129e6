import { codecContract } from '../codec.contract.ts';
import { webCrypto } from '../web-crypto.ts';
import { codecPool, type CodecThread } from '../codec-pool.ts';
import { webWorkerThread } from './codec-thread.ts';

const spawn = (): CodecThread =>
  webWorkerThread(new Worker(new URL('../../../workers/codec.worker.ts', import.meta.url), { type: 'module' }));

codecContract(
  'pool of workers',
  () => codecPool(spawn, 2, true),
  webCrypto(crypto.subtle),
  (bytes) => new File([bytes], 'a.bin'),
);
