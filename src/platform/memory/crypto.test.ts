import { cryptoContract } from '../crypto.contract.ts';
import { nobleCrypto } from './crypto.ts';

cryptoContract('noble', nobleCrypto);
