// `npm start`: builds what is missing or out of date, then runs the server in this very process, so that Ctrl-C reaches it directly.
import { buildPage, buildServer, pageIsStale } from './build.mjs';

buildServer();
const { readCommand } = await import('../dist/node/signaling/command.js');
// A question or a mistake is answered before the page is built.
if (readCommand(process.argv.slice(2), process.env).kind === 'serve' && pageIsStale()) {
  process.stdout.write('Building the page.\n');
  buildPage();
}
await import('../dist/node/signaling/main.js');

// Between npm and us stands a shell that dies of the signal which ends npm and passes nothing on: once it is gone, we end too.
const parent = process.ppid;
if (process.env.npm_lifecycle_event) setInterval(() => process.ppid === parent || process.kill(process.pid, 'SIGTERM'), 500).unref();
