import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "./run.ts";

/** A folder on a disk of its own, until it is disposed of. */
export class Disk implements AsyncDisposable {
  readonly folder: string = mkdtempSync(join(tmpdir(), "bardcast-disk-"));

  /** @returns undefined where this machine does not let us mount */
  static async mount(): Promise<Disk | undefined> {
    const disk = new Disk();
    const { exitCode } = await run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk.folder]).catch(
      () => ({
        exitCode: 1,
      }),
    );
    if (exitCode === 0) return disk;
    rmSync(disk.folder, { recursive: true });
    return undefined;
  }

  /** Nobody, not even root, writes to it any more. */
  async protect(): Promise<void> {
    await run(["mount", "-o", "remount,ro", this.folder]);
  }

  /** There is no room left. */
  fill(): void {
    for (let bytes = 32 * 1024; bytes >= 1; bytes /= 2) {
      for (let at = 0; at < 64; at++) {
        try {
          writeFileSync(join(this.folder, `filler-${bytes}-${at}`), new Uint8Array(bytes));
        } catch {
          break;
        }
      }
    }
  }

  /** There is room again. */
  empty(): void {
    const fillers = new Bun.Glob("filler-*");
    for (const file of fillers.scanSync(this.folder)) rmSync(join(this.folder, file));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // A write that nobody waits for may still have a file open; one that stays open is a fault.
    for (let tries = 0; tries < 100; tries++) {
      if ((await run(["umount", this.folder])).exitCode === 0) break;
      await Bun.sleep(20);
    }
    rmSync(this.folder, { recursive: true });
  }
}
