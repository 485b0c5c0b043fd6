import { say } from "../terminal.ts";

/** What speaks such voices: the native library, and the one that runs everywhere, which is slower. */
const LIBRARIES = ["sherpa-onnx-node", "sherpa-onnx"] as const;
const INSTALL = `npm install ${LIBRARIES[0]}`;

/** How to get what speaks such voices; undefined where it is installed. It is not loaded. */
export function missingLibrary(): string | undefined {
  return LIBRARIES.some(isInstalled) ? undefined : INSTALL;
}

/** Tells how to get it, where it is not installed. */
export function tellLibrary(): void {
  const command = missingLibrary();
  if (command !== undefined) say(`it is spoken by a package of its own: ${command}`);
}

function isInstalled(name: string): boolean {
  try {
    import.meta.resolve(name);
    return true;
  } catch {
    return false;
  }
}
