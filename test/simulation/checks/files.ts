import type { Disk } from "../world/disk.ts";
import { must } from "./fault.ts";
import { sniffText } from "./sniffer.ts";

/** Who else than a file's owner may do anything with it. */
const OTHERS = 0o077;

/** No file that anybody but its owner may read has anything of a line in it. @throws Fault */
export function checkFiles(disk: Disk): void {
  for (const [path, { mode, bytes, isFolder }] of disk.names) {
    if ((mode & OTHERS) === 0) continue;
    must(!isFolder, () => `others may look into ${path}`);
    sniffText(path, new TextDecoder().decode(bytes));
  }
}
