import { codecContract } from '../codec.contract.ts';
import { webCrypto } from '../web-crypto.ts';
import { inProcessCodec, type MemoryFile } from './codec.ts';

const crypto = webCrypto(globalThis.crypto.subtle);

codecContract(
  'in process',
  () => inProcessCodec(crypto),
  crypto,
  (bytes): MemoryFile => ({ size: bytes.length, bytes }),
);
