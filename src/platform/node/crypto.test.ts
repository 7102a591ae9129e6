import { cryptoContract } from '../crypto.contract.ts';
import { nodeCrypto } from './crypto.ts';

cryptoContract('node:crypto', nodeCrypto);
