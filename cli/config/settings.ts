/** One setting as file, environment and command line name it. */
export interface Setting {
  /** Its place in the file. */
  readonly key: string;
  /** Absent where a command line, which everyone on the machine can read, is no place for it. */
  readonly flag?: string;
  readonly env: string;
  /** What stands for the value in help. */
  readonly value: string;
  readonly help: string;
  /** All that it can be, where that can be listed. */
  readonly choices?: readonly string[];
  /** What a refused value should have been. */
  readonly expects: string;
  /** What the text of a flag or variable stands for; text, when absent. What cannot be read is left as it is, for the schema to refuse. */
  readonly read?: (text: string) => unknown;
  /** A path: a relative one in a file counts from the folder of that file. */
  readonly path?: true;
  /** Never shown. */
  readonly secret?: true;
}

const portExpected = 'a whole number from 0 to 65535';
const labelExpected = '1 to 64 letters, digits, dots, dashes or underscores';

export const settings = [
  {
    key: 'home',
    flag: 'home',
    env: 'SHOAL_HOME',
    value: 'DIR',
    help: 'where the peer keeps its key and its shards',
    expects: 'a folder',
    path: true,
  },
  {
    key: 'signaling',
    flag: 'signaling',
    env: 'SHOAL_SIGNALING',
    value: 'URL',
    help: 'signaling server, or the address of its page',
    expects: 'an address such as wss://shoal.example.org/signaling or https://shoal.example.org/',
  },
  { key: 'swarm', flag: 'swarm', env: 'SHOAL_SWARM', value: 'NAME', help: 'which swarm to join', expects: labelExpected },
  {
    key: 'capacity',
    flag: 'capacity',
    env: 'SHOAL_CAPACITY',
    value: 'SIZE',
    help: 'storage lent to the swarm',
    expects: 'a size in bytes such as 10GB, 500 MB or 2GiB',
  },
  {
    key: 'domain',
    flag: 'domain',
    env: 'SHOAL_DOMAIN',
    value: 'LABEL',
    help: 'what fails together with this peer, such as a building',
    expects: labelExpected,
  },
  { key: 'region', flag: 'region', env: 'SHOAL_REGION', value: 'LABEL', help: 'part of the world this peer is in', expects: labelExpected },
  {
    key: 'bandwidth.up',
    flag: 'bandwidth-up',
    env: 'SHOAL_BANDWIDTH_UP',
    value: 'RATE',
    help: 'most it sends',
    expects: 'a rate in bytes a second such as 5MB/s',
  },
  {
    key: 'bandwidth.down',
    flag: 'bandwidth-down',
    env: 'SHOAL_BANDWIDTH_DOWN',
    value: 'RATE',
    help: 'most it receives',
    expects: 'a rate in bytes a second such as 5MB/s',
  },
  {
    key: 'logLevel',
    flag: 'log-level',
    env: 'SHOAL_LOG_LEVEL',
    value: 'LEVEL',
    help: 'how much is logged',
    choices: ['debug', 'info', 'warn', 'error', 'silent'],
    expects: 'debug, info, warn, error or silent',
  },
  {
    key: 'clockOffset',
    flag: 'clock-offset',
    env: 'SHOAL_CLOCK_OFFSET',
    value: 'TIME',
    help: 'how far its clock goes ahead; for tests on one machine',
    expects: 'a time such as 31d or 12h',
  },
  {
    key: 'metricsPort',
    flag: 'metrics-port',
    env: 'SHOAL_METRICS_PORT',
    value: 'NUMBER',
    help: 'port of the metrics (Prometheus text)',
    expects: portExpected,
    read: readNumber,
  },
  {
    key: 'metricsHost',
    flag: 'metrics-host',
    env: 'SHOAL_METRICS_HOST',
    value: 'NAME',
    help: 'address the metrics listen on',
    expects: 'a name or address',
  },
  {
    key: 'server.port',
    flag: 'port',
    env: 'SHOAL_PORT',
    value: 'NUMBER',
    help: 'port of page and signaling; 0 takes any free one',
    expects: portExpected,
    read: readNumber,
  },
  {
    key: 'server.host',
    flag: 'host',
    env: 'SHOAL_HOST',
    value: 'NAME',
    help: 'name or address to listen on',
    expects: 'a name or address',
  },
  {
    key: 'server.tlsCert',
    flag: 'tls-cert',
    env: 'SHOAL_TLS_CERT',
    value: 'FILE',
    help: 'certificate chain, PEM; needs --tls-key',
    expects: 'a file',
    path: true,
  },
  {
    key: 'server.tlsKey',
    flag: 'tls-key',
    env: 'SHOAL_TLS_KEY',
    value: 'FILE',
    help: 'its private key, PEM',
    expects: 'a file',
    path: true,
  },
  {
    key: 'server.iceServers',
    flag: 'ice-servers',
    env: 'SHOAL_ICE_SERVERS',
    value: 'JSON',
    help: 'STUN and TURN servers for the peers; with credentials better in a file',
    expects: 'a list such as [{"urls":"stun:stun.example.org"}]',
    read: readJson,
  },
  {
    key: 'server.proxies',
    flag: 'proxies',
    env: 'SHOAL_PROXIES',
    value: 'NUMBER',
    help: 'reverse proxies in front to be believed',
    expects: 'a whole number from 0 to 8',
    read: readNumber,
  },
  {
    key: 'server.limits',
    flag: 'limits',
    env: 'SHOAL_LIMITS',
    value: 'JSON',
    help: 'limits to change, see docs/LIMITS.md',
    expects: 'limits of docs/LIMITS.md, such as {"socketsMax":1000}',
    read: readJson,
  },
  {
    key: 'server.peers',
    flag: 'peers',
    env: 'SHOAL_PEERS',
    value: 'NUMBER',
    help: 'peers to start on this machine; 0 for none',
    expects: 'a whole number from 0 to 64',
    read: readNumber,
  },
  {
    key: 'server.domainSecret',
    env: 'SHOAL_DOMAIN_SECRET',
    value: 'TEXT',
    help: 'key of the failure-domain hints',
    expects: '16 or more characters',
    secret: true,
  },
] as const satisfies readonly Setting[];

export type SettingKey = (typeof settings)[number]['key'];

/** What a peer can be told: by `peer`, and by `serve` for the peers that it runs. */
export const peerSettings: readonly SettingKey[] = [
  'home',
  'signaling',
  'swarm',
  'capacity',
  'domain',
  'region',
  'bandwidth.up',
  'bandwidth.down',
  'clockOffset',
  'metricsPort',
  'metricsHost',
];

/** Beside the settings themselves: which file to read. */
export const configFileEnv = 'SHOAL_CONFIG';

const byKey = new Map<string, Setting>(settings.map((setting) => [setting.key, setting]));

export function settingOf(key: SettingKey): Setting {
  return byKey.get(key)!;
}

/** The setting that `path` is, or is inside of. */
export function settingAt(path: readonly string[]): Setting | undefined {
  return path.map((_, index) => byKey.get(path.slice(0, index + 1).join('.'))).find((setting) => setting !== undefined);
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
