import { cryptoContract } from './crypto.contract.ts';
import { webCrypto } from './web-crypto.ts';

cryptoContract('WebCrypto of the browser', () => webCrypto(globalThis.crypto.subtle));
