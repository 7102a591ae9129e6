import { parseArgs } from 'node:util';
import { configSchema, type Config } from './config.ts';

/** One setting as the command line and the environment name it; the flag counts before SHOAL_*, that before the default. */
interface Setting {
  readonly key: keyof Config;
  readonly flag: string;
  readonly env: string;
  readonly value: string;
  readonly help: string;
  /** What a refused value should have been. */
  readonly expects: string;
  readonly read?: (text: string) => unknown;
}

const settings: readonly Setting[] = [
  {
    key: 'port',
    flag: 'port',
    env: 'SHOAL_PORT',
    value: 'NUMBER',
    help: 'port of page and signaling (8080; 0 takes any free one)',
    expects: 'a whole number from 0 to 65535',
    read: readNumber,
  },
  {
    key: 'host',
    flag: 'host',
    env: 'SHOAL_HOST',
    value: 'NAME',
    help: 'name or address to listen on (localhost)',
    expects: 'a name or address',
  },
  {
    key: 'tlsCert',
    flag: 'tls-cert',
    env: 'SHOAL_TLS_CERT',
    value: 'FILE',
    help: 'certificate chain, PEM; needs --tls-key',
    expects: 'a file',
  },
  { key: 'tlsKey', flag: 'tls-key', env: 'SHOAL_TLS_KEY', value: 'FILE', help: 'its private key, PEM', expects: 'a file' },
  {
    key: 'iceServers',
    flag: 'ice-servers',
    env: 'SHOAL_ICE_SERVERS',
    value: 'JSON',
    help: 'STUN and TURN servers for the peers ([])',
    expects: 'a JSON list such as [{"urls":"stun:stun.example.org"}]',
    read: readJson,
  },
  {
    key: 'proxies',
    flag: 'proxies',
    env: 'SHOAL_PROXIES',
    value: 'NUMBER',
    help: 'reverse proxies in front to be believed (0)',
    expects: 'a whole number from 0 to 8',
    read: readNumber,
  },
  {
    key: 'limits',
    flag: 'limits',
    env: 'SHOAL_LIMITS',
    value: 'JSON',
    help: 'limits to change, see docs/LIMITS.md ({})',
    expects: 'a JSON object of limits in docs/LIMITS.md, such as {"socketsMax":1000}',
    read: readJson,
  },
  {
    key: 'logLevel',
    flag: 'log-level',
    env: 'SHOAL_LOG_LEVEL',
    value: 'LEVEL',
    help: 'debug, info, warn, error or silent (info)',
    expects: 'debug, info, warn, error or silent',
  },
  // No flag: command lines are visible to everyone on the machine.
  {
    key: 'domainSecret',
    flag: '',
    env: 'SHOAL_DOMAIN_SECRET',
    value: 'TEXT',
    help: 'key of the failure-domain hints, 16 or more characters (random)',
    expects: '16 or more characters',
  },
];

const flags = settings.filter(({ flag }) => flag !== '');

export type Command =
  | { readonly kind: 'serve'; readonly config: Config }
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'usage'; readonly message: string };

/** What the command line asks for. Every mistake is one line that names the setting at fault. */
export function readCommand(args: readonly string[], env: Readonly<Record<string, string | undefined>>): Command {
  try {
    const { values } = parseArgs({
      args: [...args],
      allowPositionals: false,
      options: {
        help: { type: 'boolean', short: 'h' },
        ...Object.fromEntries(flags.map(({ flag }) => [flag, { type: 'string' as const }])),
      },
    });
    if (values.help === true) return { kind: 'help', text: helpText() };
    return readConfig(values as Readonly<Record<string, string | undefined>>, env);
  } catch (error) {
    return usage(firstSentence(error));
  }
}

function readConfig(values: Readonly<Record<string, string | undefined>>, env: Readonly<Record<string, string | undefined>>): Command {
  const given = settings.flatMap((setting) => {
    const { key, flag, env: name, read } = setting;
    // An empty environment variable is an unset one.
    const text = values[flag] ?? (env[name] || undefined);
    return text === undefined
      ? []
      : [{ setting, saidBy: values[flag] === undefined ? name : `--${flag}`, entry: [key, read ? read(text) : text] as const }];
  });
  const parsed = configSchema.safeParse(Object.fromEntries(given.map(({ entry }) => entry)));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const [key, ...inside] = issue!.path;
    const { setting, saidBy } = given.find((each) => each.setting.key === key)!;
    const unknown = issue!.code === 'unrecognized_keys' ? issue.keys.map((each) => [...inside, each].join('.')) : [];
    const wrong = inside.length > 0 ? ` (wrong at ${inside.map(String).join('.')})` : '';
    return usage(`${saidBy} wants ${setting.expects}${unknown.length > 0 ? ` (there is no ${unknown.join(', ')})` : wrong}`);
  }
  const { tlsCert, tlsKey } = parsed.data;
  if ((tlsCert === undefined) !== (tlsKey === undefined)) return usage('--tls-cert and --tls-key go together');
  return { kind: 'serve', config: parsed.data };
}

function usage(message: string): Command {
  return { kind: 'usage', message: `${message} (--help shows what can be set)` };
}

/** Node adds advice to its messages; one line is enough. */
function firstSentence(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split(/\.\s|\n/)[0]!.replace(/\.$/, '');
}

function helpText(): string {
  const rows = settings.map(({ flag, env, value, help }) => {
    const left = flag === '' ? '' : `--${flag} ${value}`;
    return `  ${left.padEnd(22)} ${env.padEnd(20)} ${help}`;
  });
  return [
    'Serves the page and the signaling of Shoal on one port.',
    '',
    '  npm start -- [flags]',
    '',
    ...rows,
    `  ${'--help'.padEnd(22)} ${''.padEnd(20)} this text`,
    '',
    'A flag counts before its environment variable, that before the default in brackets.',
  ].join('\n');
}

function readNumber(text: string): unknown {
  return /^\d+$/.test(text) ? Number(text) : text;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
