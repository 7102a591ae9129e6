import * as Comlink from 'comlink';
import { testPeer } from './remote-dialer.testing.ts';

Comlink.expose(testPeer());
