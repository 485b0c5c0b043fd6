import type { RegistryShape } from "./shapes.ts";

/**
 * Changes a campaign's voices and resolves when that is saved. What cannot be saved has not happened.
 * @param change what it throws is thrown on, and it has changed nothing then
 * @returns the file before and after
 * @throws BardcastError `registry-invalid`, `registry-unsaved`
 */
export async function changeRegistry(
  registry: RegistryShape,
  change: () => void,
): Promise<{ before: string; after: string }> {
  await registry.refresh();
  const before = registry.text;
  change();
  let after: string | undefined;
  try {
    after = registry.text;
    await registry.save();
    return { before, after };
  } catch (error) {
    // Unless somebody else has changed it meanwhile.
    if (after === undefined || registry.text === after) registry.use(before);
    throw error;
  }
}
