/**
 * Leases: who works on something, for processes that share folders.
 *
 * A lease is a folder with one file that names its owner, and is made by one `rename`. An owner that is dead loses it: a process
 * of this machine that has ended, or one elsewhere that gave no sign for minutes.
 *
 * @module
 */
import process from "node:process";
import { hostname } from "node:os";
import { dirname, join } from "node:path";

/** The owner of a lease. */
export interface Owner {
  readonly host: string;
  readonly process: number;
  /** Start of the process in clock ticks of its machine, where the machine tells. */
  readonly began: string;
}

/** A lease that this process holds. */
export interface Lease {
  /** Lets others have it. */
  release(): Promise<void>;
}

/** Milliseconds between two signs of life, and those without a sign after which an owner elsewhere is dead. */
const [SIGN, SILENCE] = [20_000, 180_000];

const self: Owner = { host: hostname(), process: Deno.pid, began: beginningOf(Deno.pid) };

/**
 * Takes the lease at a path, which nothing else may be at.
 *
 * @returns the lease, or its owner while another process, or this one, holds it
 */
export async function takeLease(path: string): Promise<Lease | Owner> {
  await Deno.mkdir(dirname(path), { recursive: true });
  const token = crypto.randomUUID();
  const own = `${path}.${token}`;
  await Deno.mkdir(own);
  await Deno.writeTextFile(join(own, token), JSON.stringify(self));
  try {
    for (let tries = 0; tries < 5; tries++) {
      // A folder takes the place of another one only where that is empty.
      if (await Deno.rename(own, path).then(() => true, () => false)) return held(path, token);
      const found = await ownerOf(path);
      if (found === null) await Deno.remove(path).catch(() => {});
      else if (!isDead(found)) return found.owner;
      // A file's name is never used again, so that only one of several processes takes it away.
      else await Deno.remove(join(path, found.token)).catch(() => {});
    }
  } finally {
    await Deno.remove(own, { recursive: true }).catch(() => {});
  }
  return { host: "", process: 0, began: "" };
}

/** True if a process holds the lease at a path. */
export async function isHeld(path: string): Promise<boolean> {
  const found = await ownerOf(path);
  return found !== null && !isDead(found);
}

export const isLease = (taken: Lease | Owner): taken is Lease => "release" in taken;

function held(path: string, token: string): Lease {
  const file = join(path, token);
  const timer = setInterval(() => Deno.utime(file, new Date(), new Date()).catch(() => {}), SIGN);
  Deno.unrefTimer(timer);
  return {
    release: async () => {
      clearInterval(timer);
      await Deno.remove(file).catch(() => {});
      await Deno.remove(path).catch(() => {});
    },
  };
}

interface Found {
  readonly token: string;
  readonly owner: Owner;
  /** Time of the last sign of life. */
  readonly sign: number;
}

/** The owner as its file has it, or null where there is none. */
async function ownerOf(path: string): Promise<Found | null> {
  try {
    for await (const { name: token } of Deno.readDir(path)) {
      const file = join(path, token);
      const { mtime } = await Deno.stat(file);
      const owner: Owner = JSON.parse(await Deno.readTextFile(file));
      return { token, owner, sign: mtime?.getTime() ?? 0 };
    }
  } catch {
    // It went meanwhile.
  }
  return null;
}

function isDead({ owner, sign }: Found): boolean {
  if (owner.host !== self.host) return Date.now() - sign > SILENCE;
  try {
    process.kill(owner.process, 0);
  } catch (error) {
    return (error as { readonly code?: string }).code === "ESRCH";
  }
  // Numbers of processes are given again.
  return owner.began !== beginningOf(owner.process);
}

/** Start of a process of this machine, as Linux tells it; nothing elsewhere. */
function beginningOf(id: number): string {
  try {
    const text = Deno.readTextFileSync(`/proc/${id}/stat`);
    return text.slice(text.lastIndexOf(")")).split(" ")[20];
  } catch {
    return "";
  }
}
