import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { errnoOf } from './disk-trouble.ts';
import { ifThere } from './durable-file.ts';

/**
 * One process per home (SPEC HOME-2). Node has no lock that the kernel frees, so each process lays a file into the folder whose *name*
 * says whose it is, and then looks who else is there. Two that start at once see each other, whoever came later at least, and step
 * back; a file whose owner is dead is removed. No file is ever written over, so nobody can remove the file of a process that is alive.
 */

/** Tries against others that start at the same moment, with a random pause of up to `pauseMsMax` between them. */
const tries = 6;
const pauseMsMax = 60;

/** `<pid>-<start of the process in clock ticks>-<boot>-<this opening>`; start and boot are 0 where the system does not tell. */
const lockName = /^(\d+)-(\d+)-([0-9a-f]+)-[0-9a-f]{12}$/;

/** Takes the lock: gives its release, or the pid of the process that has it. */
export async function takeLock(folder: string): Promise<{ readonly release: () => Promise<void> } | { readonly heldBy: number }> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const boot = await bootId();
  const own = `${process.pid}-${(await startOf(process.pid)) ?? 0}-${boot}-${randomBytes(6).toString('hex')}`;
  const release = (): Promise<void> => rm(join(folder, own), { force: true });
  for (let attempt = 1; ; attempt++) {
    await writeFile(join(folder, own), '', { flag: 'wx', mode: 0o600 });
    const other = await ownerOf(folder, own, boot);
    if (other === undefined) return { release };
    await release();
    if (attempt === tries) return { heldBy: other };
    await pause(Math.random() * pauseMsMax);
  }
}

/** Pid of the process that has the lock, or is about to take it; undefined when nobody has. Changes nothing but dead owners' files. */
export async function lockOwner(folder: string): Promise<number | undefined> {
  return ownerOf(folder, '', await bootId());
}

async function ownerOf(folder: string, own: string, boot: string): Promise<number | undefined> {
  for (const name of (await ifThere(readdir(folder))) ?? []) {
    const [, pid, start, madeAt] = lockName.exec(name) ?? [];
    if (name === own || pid === undefined) continue;
    if (madeAt === boot && (await isAlive(Number(pid), Number(start)))) return Number(pid);
    await rm(join(folder, name), { force: true });
  }
  return undefined;
}

/** Whether the very process lives that had this pid then: a pid that was given to another since does not count. */
async function isAlive(pid: number, start: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, as another user's.
    if (errnoOf(error) === 'ESRCH') return false;
  }
  const now = await startOf(pid);
  return now !== 'ended' && (now === undefined || start === 0 || now === start);
}

/**
 * Start of a process in clock ticks since boot, by /proc (Linux); `ended` for one that was killed and that its parent has not taken note of,
 * as in a container without an init. Undefined where the system does not tell.
 */
async function startOf(pid: number): Promise<number | 'ended' | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => undefined);
  // The second field is the program's name in brackets and may hold spaces and brackets itself.
  const [state, ...later] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  if (state === 'Z' || state === 'X') return 'ended';
  const start = Number(later[18]);
  return Number.isSafeInteger(start) ? start : undefined;
}

/** Names this boot of the machine, since pids and clock ticks begin anew with the next; `0` where the system does not tell. */
async function bootId(): Promise<string> {
  const id = await readFile('/proc/sys/kernel/random/boot_id', 'latin1').catch(() => '0');
  return id.replaceAll(/[^0-9a-f]/g, '').slice(0, 12);
}
