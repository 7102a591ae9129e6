import { errorCode } from '../../src/core/errors.ts';
import { homePaths } from '../../src/platform/node/home.ts';
import { controlClient } from '../daemon/control-client.ts';
import type { PeerAccess } from './access.ts';

/** The peer that runs in a home; undefined when none does, or one of another swarm or server than `wanted`. */
export async function runningPeer(
  home: string,
  wanted: { readonly swarm?: string | undefined; readonly signalingUrl?: string | undefined } = {},
): Promise<PeerAccess | undefined> {
  const socket = await socketOf(home);
  const running = socket === undefined ? undefined : await controlClient(socket);
  if (running === undefined) return undefined;
  const { swarm, signalingUrl } = running;
  const fits = swarm === (wanted.swarm ?? swarm) && signalingUrl === (wanted.signalingUrl ?? signalingUrl);
  return fits ? running.access : undefined;
}

async function socketOf(home: string): Promise<string | undefined> {
  try {
    return (await homePaths(home)).socket;
  } catch (error) {
    if (errorCode(error) === 'not-found') return undefined;
    throw error;
  }
}
