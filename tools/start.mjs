// `npm start`: `shoal serve` with all that one person with one tab needs. What is set by flags, environment or file counts before this.
import { join } from 'node:path';
import { root, runInCheckout } from './checkout.mjs';

await runInCheckout(['serve', ...process.argv.slice(2)], { peers: 6, home: join(root, '.shoal') });
