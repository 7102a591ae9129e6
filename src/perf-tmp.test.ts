import { test } from 'vitest';
import { createSealer } from '/work/main/src/peer/codec/sealer.ts';
import { referenceCoder } from '/work/main/src/core/erasure/coder.ts';
import { webCrypto } from '/work/main/src/platform/web-crypto.ts';
import { jobOf, fileOf } from '/work/main/src/peer/codec/samples.contract.ts';
test('perf', async () => {
  const size = 64e6; const file = fileOf(size);
  const c = referenceCoder(4,2); const data = [0,1,2,3].map(i=>file.slice(i*262144,(i+1)*262144));
  c.encode(data); let t=performance.now(); for(let i=0;i<20;i++) c.encode(data); console.log('coder MB/s', 20*1.048576/((performance.now()-t)/1000));
  const s = createSealer(jobOf(size,4,2), async (a,b)=>file.subarray(a,b), webCrypto(crypto.subtle), referenceCoder);
  t=performance.now(); await s.commit(()=>{}); console.log('commit MB/s', 64/((performance.now()-t)/1000));
}, 60000);
