/** An engine that says of itself that all is well, and then never gives a sound, whatever its signal says. */
export default () => ({
  name: "stuck",
  capabilities: { streaming: true, wordTimes: false },
  supportedLanguages: () => ["*"],
  isAvailable: async () => true,
  warmup: async () => {},
  shutdown: async () => {},
  async *synthesize() {
    yield await new Promise(() => {});
  },
});
