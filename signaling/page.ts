import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** Only what the page itself brings, and nothing inline. `wasm-unsafe-eval` is for the coder and Argon2, `'self'` covers our WebSocket. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  // The download of a file runs in a hidden frame that the service worker answers.
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const deniedFeatures = [
  'accelerometer',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'usb',
];

/** Sent with every answer, so with worker scripts too: a worker obeys the policy of its own script. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': contentSecurityPolicy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': deniedFeatures.map((feature) => `${feature}=()`).join(', '),
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

const yearS = 31_536_000;

/** Serves the built page in folder `root`. What the build named by its content never changes; everything else is asked for anew. */
export async function servePage(app: FastifyInstance, root: string): Promise<void> {
  await app.register(fastifyStatic, {
    root,
    cacheControl: false,
    dotfiles: 'ignore',
    setHeaders(response, path) {
      const hashed = /[\\/]assets[\\/][^\\/]*-[\w-]{8,}\.\w+$/.test(path);
      response.setHeader('cache-control', hashed ? `public, max-age=${yearS}, immutable` : 'no-cache');
      // From whatever folder it is served, the service worker answers for the whole origin.
      if (/service[.-]?worker[^\\/]*\.js$/.test(path)) response.setHeader('service-worker-allowed', '/');
    },
  });
}
