/**
 * A name as the table writes it: `Old Mara` is `old_mara`.
 * @param {string} name
 */
export function idOf(name) {
  return name.trim().toLowerCase().replace(/\s+/g, "_");
}

/**
 * Who of Foundry's users is who at the table.
 * @param {string} written as the setting has it: `Anna=thorin, Ben=elara`
 * @returns {(user: { name: string }) => string}
 */
export function playerOf(written) {
  const known = new Map(
    written
      .split(",")
      .map((pair) => pair.split("=").map((each) => each.trim()))
      .filter(([user, player]) => user && player)
      .map(([user, player]) => [user.toLowerCase(), player]),
  );
  return ({ name }) => known.get(name.trim().toLowerCase()) ?? idOf(name);
}
