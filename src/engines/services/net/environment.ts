/** A variable of the process's environment; undefined where it is not set or may not be read. */
export function environment(name: string): string | undefined {
  try {
    return globalThis.process?.env?.[name]?.trim() || undefined;
  } catch {
    // Deno throws where it was not allowed to read this one.
    return undefined;
  }
}
