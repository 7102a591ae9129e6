import { equalBytes } from '../core/bytes/compare.ts';
import { sealedRange } from '../core/crypto/chunks.ts';
import { ShoalError } from '../core/errors.ts';
import { bandsOf, stripesOf } from '../core/object/bands.ts';
import { type Excerpt, excerptOf, type FilePart, headExcerpt } from '../core/object/excerpt.ts';
import { geometry } from '../core/object/geometry.ts';
import type { Head } from '../core/record/heads.ts';
import type { RecordState } from '../core/record/record.ts';
import { fetchBand, type FetchOptions } from './fetch-band.ts';
import type { Codec, PlainHeader } from './ports.ts';
import { createTask, type Task } from './task.ts';

/** Stripes fetched ahead, the one being opened included. */
const stripesAheadMax = 3;

export interface ReadingOptions extends Omit<FetchOptions, 'opener' | 'head' | 'task'> {
  readonly codec: Codec;
  readonly readKey: Uint8Array;
  /** What is known of the object, and the head of it to read. */
  readonly known: () => RecordState | undefined;
  readonly readable: () => Head | undefined;
}

/** One version of an object being read: its header first, then one part of it. */
export interface Reading {
  /** The head that is read, with the claims on it known by now. */
  head(): Head;
  readonly header: PlainHeader;
  /**
   * Hands a part of the file, or all of it, to `write`, in order, every byte verified. Call once. Throws `bad-input` for a part that the
   * file does not have, `integrity`, `cancelled` when the task ends, and what `write` throws.
   */
  read(task: Task, part: FilePart | undefined, write: (bytes: Uint8Array) => Promise<void>): Promise<void>;
  close(): void;
}

/**
 * Opens the version to read and reads its header, which is all that it fetches. While too few of its shards can be had that may become
 * another version, as when its holders are away and the next one is stored (SPEC VER-2). Throws as `read` does.
 */
export async function openReading(options: ReadingOptions, task: Task): Promise<Reading> {
  for (;;) {
    const reading = await openVersion(options, task);
    if (reading !== undefined) return reading;
  }
}

/** Undefined where another version is to be read before anything of this one could be. */
async function openVersion(options: ReadingOptions, task: Task): Promise<Reading | undefined> {
  const { codec, readKey, known, readable } = options;
  const newest = readable();
  if (newest === undefined) throw new ShoalError('not-found', 'Nobody online has announced this file.');
  const { descriptor, signed } = newest;
  const shape = geometry(descriptor.k, descriptor.m, descriptor.ciphertextLength);
  const opener = await codec.open({ descriptor: signed, readKey });
  const stop = task.onEnd(() => opener.close());

  let pinned = newest;
  let isOpen = false;
  let isPassed = false;
  const starved: FetchOptions['starved'] = async (band, waiting) => {
    await options.starved(band, waiting);
    const now = readable();
    if (isOpen || now === undefined || equalBytes(now.descriptor.contentRoot, descriptor.contentRoot)) return;
    isPassed = true;
    throw new ShoalError('stale', 'Another version is to be read by now.');
  };

  /** A newer version that turns up meanwhile has other shards. */
  const head = (): Head => {
    pinned = known()?.heads.find((each) => equalBytes(each.descriptor.contentRoot, descriptor.contentRoot)) ?? pinned;
    return pinned;
  };

  /** Stripe after stripe, fetched a few ahead and opened in order; whatever ends it ends every read under way. */
  const stream = async (whole: Task, excerpt: Excerpt, write: (bytes: Uint8Array) => Promise<void>): Promise<void> => {
    const range = sealedRange(excerpt.chunks, shape.ciphertextLength);
    const { first, end } = stripesOf(shape, range);
    const fetchStripe = async (own: Task, stripe: number): Promise<void> => {
      await Promise.all(bandsOf(shape, stripe, range).map((band) => fetchBand({ ...options, starved, opener, head, task: own }, band)));
    };
    await asPartOf(whole, async (own) => {
      const ahead: Promise<void>[] = [];
      let spare: Uint8Array | undefined;
      for (let stripe = first; stripe < end; stripe++) {
        for (let next = stripe + ahead.length; next < Math.min(end, stripe + stripesAheadMax); next++) {
          const fetched = fetchStripe(own, next);
          fetched.catch(() => {});
          ahead.push(fetched);
        }
        await ahead.shift();
        const bytes = await own.race(opener.next(spare));
        if (bytes.length > 0) await own.race(write(bytes));
        // What a sink has moved on has no bytes left.
        spare = bytes.length > 0 ? bytes : undefined;
      }
    });
  };

  try {
    await stream(task, headExcerpt, async () => {});
    const header = await task.race(opener.header());
    isOpen = true;
    return {
      head,
      header,
      async read(whole, part, write) {
        const excerpt = excerptOf(header, part);
        const stopReading = whole.onEnd(() => opener.close());
        try {
          await whole.race(opener.begin(excerpt));
          await stream(whole, excerpt, write);
        } finally {
          stopReading();
        }
      },
      close() {
        stop();
        opener.close();
      },
    };
  } catch (error) {
    stop();
    opener.close();
    if (isPassed) return undefined;
    throw error;
  }
}

/** Runs `work` in a task of its own, which ends with `task` and with the work. */
async function asPartOf(task: Task, work: (own: Task) => Promise<void>): Promise<void> {
  const own = createTask('The download was cancelled.');
  const release = task.onEnd(() => own.end());
  try {
    await work(own);
  } finally {
    release();
    own.end();
  }
}
