import { metaStoreContract } from '../meta-store.contract.ts';
import { memoryMetaStore, type ValueDisk } from './meta-store.ts';

metaStoreContract('memory', async () => {
  const disk: ValueDisk = new Map();
  return { open: async () => memoryMetaStore(disk), dispose: async () => {} };
});
