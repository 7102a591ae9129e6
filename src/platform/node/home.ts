import { createHash } from 'node:crypto';
import { chmod, lstat, mkdir, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ShoalError } from '../../core/errors.ts';
import { diskTrouble, errnoOf } from './disk-trouble.ts';
import { lockOwner, takeLock } from './home-lock.ts';

/**
 * Bytes of a socket's path: Linux has room for 107 in its address, macOS for 103. Past that `listen` fails, or on some systems binds a
 * path cut short.
 */
const socketPathBytesMax = 103;

/** Where everything of one headless peer lies. */
export interface HomePaths {
  /** The folder itself, with all links in its path followed. */
  readonly folder: string;
  /** Folder of the shard store. */
  readonly shards: string;
  /** File of the meta store. */
  readonly database: string;
  /** File of the node key. */
  readonly nodeKey: string;
  /** Path of the control socket. */
  readonly socket: string;
}

export interface Home extends HomePaths {
  /** Lets another process open the home. Nothing of it may be used afterwards. */
  release(): Promise<void>;
}

/**
 * Opens a home, made at first use with mode 0700, for this process alone (SPEC HOME-1 to HOME-4). Throws `busy` while another process
 * has it, `bad-input` where no home can be.
 */
export async function openHome(folder: string): Promise<Home> {
  await usable(folder, mkdir(folder, { recursive: true, mode: 0o700 }));
  const paths = await homePaths(folder);
  const lock = await usable(folder, takeLock(join(paths.folder, 'lock')));
  if ('heldBy' in lock) {
    throw new ShoalError(
      'busy',
      `Process ${lock.heldBy} runs a peer in ${folder}. Use that one, stop it first, or choose another folder with --home.`,
    );
  }
  try {
    await makeSocketFolder(paths);
  } catch (error) {
    await lock.release();
    throw error;
  }
  return { ...paths, release: lock.release };
}

/** Where things lie in a home that exists, whoever has it open. Throws `not-found` where there is none. */
export async function homePaths(folder: string): Promise<HomePaths> {
  const real = await realpath(folder).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') throw new ShoalError('not-found', `There is no home of a peer in ${folder}.`);
    throw error;
  });
  return {
    folder: real,
    shards: join(real, 'shards'),
    database: join(real, 'values.sqlite'),
    nodeKey: join(real, 'node.key'),
    socket: socketPath(real),
  };
}

/** Pid of the process that has a home open; undefined when nobody has, or there is no such home. */
export async function homeOwner(folder: string): Promise<number | undefined> {
  return lockOwner(join(folder, 'lock'));
}

/**
 * In the home where that is short enough. Else in a folder of this user's among the system's temporary ones, by the home's name: everyone
 * who knows the home finds it, and nobody else can listen there in its stead.
 */
function socketPath(folder: string): string {
  const inside = join(folder, 'control.sock');
  if (Buffer.byteLength(inside) <= socketPathBytesMax) return inside;
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 24);
  return join(socketFolder(), `${name}.sock`);
}

const socketFolder = (): string => join(tmpdir(), `shoal-${process.getuid?.() ?? 0}`);

async function makeSocketFolder({ folder, socket }: HomePaths): Promise<void> {
  if (socket.startsWith(folder)) return;
  const outside = socketFolder();
  await mkdir(outside, { mode: 0o700, recursive: true });
  const found = await lstat(outside);
  // Anyone may make a folder of that name there first; one that is not ours could listen in our name.
  if (!found.isDirectory() || found.uid !== (process.getuid?.() ?? found.uid)) {
    throw new ShoalError(
      'auth',
      `${outside} belongs to someone else. Choose a shorter path for the home, so that its socket fits into it.`,
    );
  }
  await chmod(outside, 0o700);
  if (Buffer.byteLength(socket) > socketPathBytesMax) {
    throw new ShoalError(
      'bad-input',
      `The paths of ${folder} and of ${outside} are both too long for a socket. Choose a shorter path for the home.`,
    );
  }
}

/** What `work` gives; the refusals that a wrong folder meets, in words. */
async function usable<T>(folder: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'EEXIST' || code === 'ENOTDIR')
      throw new ShoalError('bad-input', `${folder} is no folder. Choose another one with --home.`);
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
      throw new ShoalError('bad-input', `This user may not write in ${folder}. Change its owner, or choose another folder with --home.`);
    }
    throw diskTrouble(error, folder);
  }
}
