import { parentPort } from 'node:worker_threads';
import * as Comlink from 'comlink';
import { bestCoders } from '../../../workers/kernel/kernel.ts';
import { codecService } from '../codec-service.ts';
import { nodeCrypto } from './crypto.ts';
import { nodeFileReader } from './node-file.ts';
import { portEndpoint } from './port-endpoint.ts';

/** A codec thread of a Node peer: the only one that reads a file to seal, and where ciphertext becomes plaintext again. */

if (parentPort === null) throw new Error('codec-worker runs as a worker thread only');
Comlink.expose(codecService(nodeCrypto(), bestCoders(), nodeFileReader), portEndpoint(parentPort));
