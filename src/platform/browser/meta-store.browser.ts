import { expect, test } from 'vitest';
import { metaStoreContract } from '../meta-store.contract.ts';
import { browserMetaStore } from './meta-store.ts';
import { testProfile } from './profiles.contract.ts';

metaStoreContract('IndexedDB', async () => {
  const profile = testProfile();
  return { open: async () => browserMetaStore(await profile.restart()), dispose: () => profile.dispose() };
});

test('[META-8] once another tab has taken over, the earlier store changes nothing any more', async () => {
  const profile = testProfile();
  const store = browserMetaStore(await profile.restart());
  await store.put('own', 'a', Uint8Array.of(1));
  const successor = browserMetaStore(await profile.takeOver());
  await expect(store.put('own', 'a', Uint8Array.of(2))).rejects.toMatchObject({ code: 'stale' });
  await expect(store.delete('own', 'a')).rejects.toMatchObject({ code: 'stale' });
  expect(await successor.get('own', 'a')).toEqual(Uint8Array.of(1));
  await profile.dispose();
});
