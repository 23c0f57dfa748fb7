import { expect } from "chai";

import { parseWatcherConfig } from "../../../src/config/watcher.js";

const LEAST = {
  WATCHER_RPC_URL: "http://127.0.0.1:8545",
  WATCHER_CHAIN_ID: "31337",
  WATCHER_REGISTRY: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
  WATCHER_AGGREGATORS: "http://127.0.0.1:8791/, https://two.example",
};

describe("a watcher's settings", () => {
  it("watcher/settings-are-parsed-once: units, defaults, and URLs without their closing slash", () => {
    const config = parseWatcherConfig(LEAST);
    expect(config).to.deep.include({ window: 8n, grace: 1n, minimumShare: 0.5, minimumBits: 100, webhook: null });
    expect(config.aggregators).to.deep.equal(["http://127.0.0.1:8791", "https://two.example"]);
    const stricter = parseWatcherConfig({
      ...LEAST,
      WATCHER_MINIMUM_SHARE: "6700",
      WATCHER_WEBHOOK: "https://a.example/x",
    });
    expect(stricter.minimumShare).to.equal(0.67);
    expect(stricter.webhook?.expose()).to.equal("https://a.example/x");
    expect(JSON.stringify(stricter.webhook)).to.not.contain("a.example");
  });

  it("watcher/settings-are-parsed-once: what cannot be meant is named", () => {
    const wrong: readonly [Record<string, string>, RegExp][] = [
      [{ WATCHER_AGGREGATORS: "" }, /WATCHER_AGGREGATORS must be/],
      [{ WATCHER_AGGREGATORS: "ftp://one.example" }, /WATCHER_AGGREGATORS must be/],
      [{ WATCHER_GRACE: "0" }, /WATCHER_GRACE must be a whole number from 1/],
      [{ WATCHER_WINDOW: "0" }, /WATCHER_WINDOW must be/],
      [{ WATCHER_MINIMUM_SHARE: "10001" }, /WATCHER_MINIMUM_SHARE must be/],
      [{ WATCHER_REGISTRY: "0x1" }, /WATCHER_REGISTRY must be/],
      [{ WATCHER_ERAS: "0x1" }, /WATCHER_ERAS must be/],
      [{ WATCHER_INTERVAL: "3" }, /WATCHER_INTERVAL is not a setting/],
    ];
    for (const [change, message] of wrong) {
      expect(() => parseWatcherConfig({ ...LEAST, ...change })).to.throw(message);
    }
  });
});
