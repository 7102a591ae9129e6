// A codec thread as shipped but for its cryptography, which is WebCrypto's, built: what seal.bench.ts measures codec threads beside.
import { parentPort } from 'node:worker_threads';
import * as Comlink from 'comlink';
import { codecService } from '../../dist/node/src/platform/codec-service.js';
import { nodeFileReader } from '../../dist/node/src/platform/node/node-file.js';
import { portEndpoint } from '../../dist/node/src/platform/node/port-endpoint.js';
import { webCrypto } from '../../dist/node/src/platform/web-crypto.js';
import { bestCoders } from '../../dist/node/workers/kernel/kernel.js';

Comlink.expose(codecService(webCrypto(crypto.subtle), bestCoders(), nodeFileReader), portEndpoint(parentPort));
