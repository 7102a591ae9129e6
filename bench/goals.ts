/** A ratio that must be reached, measured within one run. */
export interface Goal {
  readonly id: string;
  /** What is divided by what. */
  readonly text: string;
  /** The bench that measures it: `NAME` of `NAME.bench.ts`. */
  readonly bench: string;
  /** What the median must reach, or must not exceed: exactly one of the two. */
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly unit: 'times' | 'bytes';
  /** What it should come to beyond the bound. */
  readonly aim?: number;
  /** What was seen before the bench was there: of prototypes, or of the bare parts. */
  readonly seen: string;
  /** Measured beside a package of bench/others, which is installed when the bench is chosen. */
  readonly others?: true;
  /** May be skipped by its bench, with a reason, where the machine has not what it takes. */
  readonly optional?: true;
  /** The same each time, so that it is measured once and not in windows. */
  readonly once?: true;
}

const seenCodec = 'prototype';
const seenUpload = 'bare: 12 MB/s of file cold, 18 warm';
const seenDownload = 'bare: 21 MB/s of file cold, 27 warm';
const seenTabs = 'PeerJS 12 (64 MiB) and 26 MB/s (256 MiB), WebTorrent 12-23 and 20, bare 35 and 41';

const table = [
  {
    id: 'rs-strict-by-package',
    text: 'RS 6+3 encode, strict, Node ÷ best npm WASM package',
    bench: 'coder-node',
    unit: 'times',
    atLeast: 10,
    seen: `14-16 (${seenCodec})`,
    others: true,
  },
  {
    id: 'rs-relaxed-by-aes',
    text: 'RS 6+3 encode, relaxed, Chromium ÷ WebCrypto AES-GCM at 256 KiB',
    bench: 'coder',
    unit: 'times',
    atLeast: 4,
    seen: `5.5-6.9 (${seenCodec})`,
  },
  {
    id: 'rs-relaxed-by-isal',
    text: 'RS relaxed ÷ ISA-L SSE (optional native job)',
    bench: 'isal',
    unit: 'times',
    atLeast: 0.8,
    seen: `0.92-1.06 (${seenCodec})`,
    optional: true,
  },
  {
    id: 'rs-decode-by-encode',
    text: 'decode with m lost ÷ encode',
    bench: 'coder',
    unit: 'times',
    atLeast: 0.6,
    seen: `0.69-0.85 (${seenCodec})`,
  },
  {
    id: 'rs-xor-by-encode',
    text: 'one data shard by XOR ÷ encode',
    bench: 'coder',
    unit: 'times',
    atLeast: 1.5,
    seen: `2.0-2.5 (${seenCodec})`,
  },
  {
    id: 'packed-by-table',
    text: 'packed-JS fallback ÷ plain table JS',
    bench: 'coder',
    unit: 'times',
    atLeast: 2,
    seen: `2.4-2.9 (${seenCodec})`,
  },
  {
    id: 'seal-by-parts',
    text: 'seal (encrypt + code + hash) in one Chromium worker ÷ bound from its parts, 1 / Σ(share ÷ speed of the part)',
    bench: 'codec',
    unit: 'times',
    atLeast: 0.75,
    seen: `0.86 (${seenCodec})`,
  },
  {
    id: 'open-by-seal',
    text: 'open ÷ seal, healthy',
    bench: 'codec',
    unit: 'times',
    atLeast: 1.2,
    seen: `1.42 (${seenCodec})`,
  },
  {
    id: 'open-lost-by-open',
    text: 'open with m lost ÷ open healthy',
    bench: 'codec',
    unit: 'times',
    atLeast: 0.8,
    seen: `0.88 (${seenCodec})`,
  },
  {
    id: 'two-workers-by-one',
    text: 'two workers ÷ one',
    bench: 'codec',
    unit: 'times',
    atLeast: 1.5,
    seen: `1.71 (${seenCodec})`,
  },
  {
    id: 'node-seal-by-webcrypto',
    text: 'Node seal (threads) ÷ Node seal through WebCrypto',
    bench: 'seal',
    unit: 'times',
    atLeast: 1.8,
    seen: '-',
  },
  {
    id: 'upload-by-bare',
    text: 'upload of 64 MiB to 9 tabs (6+3), file to last claim ÷ bare channels with a 64 KiB window moving the same bytes, warm',
    bench: 'upload',
    unit: 'times',
    atLeast: 0.75,
    aim: 0.9,
    seen: seenUpload,
  },
  {
    id: 'download-by-bare',
    text: 'download of 64 MiB from 6 tabs to a verified file ÷ bare channels, warm',
    bench: 'download',
    unit: 'times',
    atLeast: 0.75,
    aim: 0.9,
    seen: seenDownload,
  },
  {
    id: 'tab-64-by-peerjs',
    text: 'tab to tab, one holder (k = 1, m = 0), cold, 64 MiB ÷ PeerJS',
    bench: 'tab-to-tab',
    unit: 'times',
    atLeast: 1.3,
    seen: seenTabs,
    others: true,
  },
  {
    id: 'tab-256-by-peerjs',
    text: 'tab to tab, one holder (k = 1, m = 0), cold, 256 MiB ÷ PeerJS',
    bench: 'tab-to-tab',
    unit: 'times',
    atLeast: 1.3,
    seen: seenTabs,
    others: true,
  },
  {
    id: 'tab-64-by-webtorrent',
    text: 'tab to tab, one holder (k = 1, m = 0), cold, 64 MiB ÷ WebTorrent',
    bench: 'tab-to-tab',
    unit: 'times',
    atLeast: 1.3,
    seen: seenTabs,
    others: true,
  },
  {
    id: 'tab-256-by-webtorrent',
    text: 'tab to tab, one holder (k = 1, m = 0), cold, 256 MiB ÷ WebTorrent',
    bench: 'tab-to-tab',
    unit: 'times',
    atLeast: 1.3,
    seen: seenTabs,
    others: true,
  },
  {
    id: 'kernel-bytes',
    text: 'both kernel builds, gzip',
    bench: 'kernel-size',
    unit: 'bytes',
    atMost: 4_000,
    seen: `2.0 KB (${seenCodec})`,
    once: true,
  },
  {
    id: 'node-transfer-by-bare',
    text: '64 MiB, sealed before, from one Node peer to the last claim of another ÷ bare channel between two Node processes',
    bench: 'peer',
    unit: 'times',
    atLeast: 0.6,
    seen: '0.40-0.55 before segments overlapped, 0.63 since',
  },
] as const satisfies readonly Goal[];

export type GoalId = (typeof table)[number]['id'];

/** Every goal there is, in the order of the table. MB = 10^6 bytes, KB = 10^3. */
export const goals: readonly (Goal & { readonly id: GoalId })[] = table;
