/** An id as people write it: `old_mara` is Old Mara. */
export function displayName(id: string): string {
  const words = id.split(/[\s_-]+/u).filter(Boolean);
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(" ");
}
