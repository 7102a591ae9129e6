import { shardStoreContract, type ShardStorage } from '../shard-store.contract.ts';
import { shardStoreLaw } from '../shard-store-law.contract.ts';
import { memoryShardStore, shardDisk } from './shard-store.ts';

const create = async (): Promise<ShardStorage> => {
  const disk = shardDisk();
  return { open: async () => memoryShardStore(disk), dispose: async () => {} };
};

shardStoreContract('memory', create);
shardStoreLaw('memory', create, 200);
