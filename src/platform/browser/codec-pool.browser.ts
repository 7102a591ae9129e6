import { codecContract } from '../codec.contract.ts';
import { webCrypto } from '../web-crypto.ts';
import { codecPool } from './codec-pool.ts';

const spawn = (): Worker => new Worker(new URL('../../../workers/codec.worker.ts', import.meta.url), { type: 'module' });

codecContract(
  'pool of workers',
  () => codecPool(spawn, 2),
  webCrypto(crypto.subtle),
  (bytes) => new File([bytes], 'a.bin'),
);
