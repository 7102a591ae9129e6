import * as Comlink from 'comlink';
import { ShoalError } from '../src/core/errors.ts';
import { codecService } from '../src/platform/codec-service.ts';
import { webCrypto } from '../src/platform/web-crypto.ts';

/** A codec worker: the only thread that reads a dropped file, and where ciphertext becomes plaintext again. */

const service = codecService(webCrypto(crypto.subtle), (file) => {
  if (!(file instanceof Blob)) throw new ShoalError('bad-input', 'Only files can be sealed here.');
  return {
    async read(start, end) {
      try {
        return new Uint8Array(await file.slice(start, end).arrayBuffer());
      } catch {
        // Chromium refuses to read a file that was changed or deleted on disk since it was dropped.
        throw new ShoalError('integrity', 'The file was changed or removed while it was being read. Drop it again.');
      }
    },
    close() {},
  };
});

Comlink.expose(service);
