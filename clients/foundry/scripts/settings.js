const ID = "bardcast";

/** Registers what can be chosen. Where the table is the whole world knows; the token stays in the browser of whoever has it. */
export function registerSettings() {
  const register = (key, scope, type, fallback) => {
    const words = `BARDCAST.Settings.${key.charAt(0).toUpperCase()}${key.slice(1)}`;
    game.settings.register(ID, key, {
      name: `${words}.Name`,
      hint: `${words}.Hint`,
      scope,
      config: true,
      type,
      default: fallback,
    });
  };
  register("url", "world", String, "");
  // Settings of the world are sent to every player.
  register("token", "client", String, "");
  register("players", "world", String, "");
  register("chat", "world", Boolean, true);
  register("whispers", "world", Boolean, true);
  register("ooc", "world", Boolean, false);
}

/** What is chosen now. */
export function settings() {
  const keys = ["url", "token", "players", "chat", "whispers", "ooc"];
  return Object.fromEntries(keys.map((key) => [key, game.settings.get(ID, key)]));
}
