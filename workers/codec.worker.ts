import * as Comlink from 'comlink';
import { blobReader } from '../src/platform/browser/blob-reader.ts';
import { codecService } from '../src/platform/codec-service.ts';
import { webCrypto } from '../src/platform/web-crypto.ts';
import { bestCoders } from './kernel/kernel.ts';

/** A codec worker: the only thread that reads a dropped file, and where ciphertext becomes plaintext again. */

Comlink.expose(codecService(webCrypto(crypto.subtle), bestCoders(), blobReader));
