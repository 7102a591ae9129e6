import * as Comlink from 'comlink';
import { testPeer } from './test-peer.testing.ts';

Comlink.expose(testPeer());
