import { randomBytes } from 'node:crypto';
import websocket from '@fastify/websocket';
import type { FastifyInstance } from 'fastify';
import type { WebSocket } from 'ws';
import { errorCode, type ErrorCode } from '../src/core/errors.ts';
import { closeCodes, signalingPath, type ServerMessage } from '../src/core/wire/signaling.ts';
import { domainHint, isLoopback, networkPrefix } from './address.ts';
import { createAdmission } from './admission.ts';
import type { Bus } from './bus.ts';
import type { Config } from './config.ts';
import { Connection, type Services } from './connection.ts';
import { createHub } from './hub.ts';
import type { Now } from '../src/core/wire/token-level.ts';

/** A WebSocket message above this is not even read: the socket is closed with code 1009. */
const payloadBytesMax = 65_536;
/** How long a closing socket may take before it is cut, ms. */
const goodbyeMs = 500;

export interface Sockets {
  /** Peers that have joined, over all swarms. */
  readonly peers: number;
  /** Tells every socket that the server goes away; resolves when all are closed. */
  close(): Promise<void>;
}

/** Serves signaling at its path on `app`. */
export async function serveSignaling(app: FastifyInstance, config: Config, bus: Bus, now: Now): Promise<Sockets> {
  const { limits } = config;
  const hub = createHub(bus, limits.swarmPeersMax);
  const admission = createAdmission(limits, now);
  const connections = new Map<WebSocket, Connection>();
  const secret = config.domainSecret === undefined ? randomBytes(32) : Buffer.from(config.domainSecret, 'utf8');
  const services: Services = {
    hub,
    iceServers: config.iceServers,
    joinDeadlineMs: limits.joinDeadlineMs,
    sendBufferBytesMax: limits.sendBufferBytesMax,
    domainOf: (address) => domainHint(secret, address),
    isLocal: isLoopback,
    log: (level, event, code) => app.log[level]({ event, ...(code === undefined ? {} : { code }) }),
  };

  function accept(socket: WebSocket, address: string): void {
    try {
      const budget = admission.admit(networkPrefix(address));
      connections.set(socket, new Connection(socket, address, budget, services));
      socket.once('close', () => {
        connections.delete(socket);
        budget.release();
      });
    } catch (error) {
      turnAway(socket, errorCode(error), error instanceof Error ? error.message : '');
      services.log('warn', 'turned-away', errorCode(error));
    }
  }

  await app.register(websocket, {
    options: { maxPayload: payloadBytesMax, perMessageDeflate: false },
    // ws has closed the socket already: a broken frame, or one above the limit.
    errorHandler: () => services.log('warn', 'broken'),
    preClose: (done) => done(),
  });
  app.route({
    method: 'GET',
    url: signalingPath,
    handler: (_request, reply) =>
      reply.code(426).header('upgrade', 'websocket').type('text/plain').send('Peers of Shoal talk here, over a WebSocket.\n'),
    wsHandler: (socket, request) => accept(socket, request.ip),
  });

  const pinging = setInterval(() => {
    for (const connection of connections.values()) connection.ping();
    admission.sweep();
  }, limits.pingEveryMs);

  return {
    get peers() {
      return hub.peers;
    },
    async close() {
      clearInterval(pinging);
      const open = [...app.websocketServer.clients];
      const closed = open.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
      for (const connection of connections.values()) connection.goAway();
      const cut = setTimeout(() => open.forEach((socket) => socket.terminate()), goodbyeMs);
      await Promise.all(closed);
      clearTimeout(cut);
    },
  };
}

/** Says why there is no room, and closes. */
function turnAway(socket: WebSocket, code: ErrorCode, detail: string): void {
  const message: ServerMessage = { t: 'error', code, detail };
  socket.send(JSON.stringify(message));
  socket.close(closeCodes.busy, detail);
}
