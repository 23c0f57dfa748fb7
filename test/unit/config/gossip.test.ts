import { expect } from "chai";

import { parseGossipSettings } from "../../../src/config/gossip.js";
import { parseSignerConfig } from "../../../src/config/signer.js";

const PEER = "/ip4/192.0.2.7/tcp/9100/p2p/12D3KooWGzxzKZYveHXtpG6AsrUJBcWxHBFS2HsEoGTxrMLvKXtf";

describe("the settings of gossip", () => {
  const parse = (settings: Record<string, string>) =>
    parseGossipSettings(
      Object.fromEntries(Object.entries(settings).map(([name, value]) => [`NODE_GOSSIP_${name}`, value])),
    );

  it("gossip/off: are none where neither an address nor a peer is given", () => {
    expect(parseGossipSettings({ SIGNER_PORT: "1" })).to.equal(null);
    expect(() => parse({ KEY: "elsewhere" }))
      .to.throw(/NODE_GOSSIP_KEY needs NODE_GOSSIP_LISTEN/)
      .with.property("code", "config/missing");
  });

  it("gossip/settings: have addresses, peers with their identities, and bounds", () => {
    const settings = parse({ LISTEN: "/ip4/0.0.0.0/tcp/9100,/ip6/::/tcp/9100", PEERS: PEER, LIMIT_MESSAGES: "7/9" })!;
    expect(settings.listen.map(String)).to.deep.equal(["/ip4/0.0.0.0/tcp/9100", "/ip6/::/tcp/9100"]);
    expect(settings.peers.map(String)).to.deep.equal([PEER]);
    expect(settings.rate).to.deep.equal({ messages: 7, seconds: 9 });
    expect(parse({ PEERS: PEER })!.listen).to.deep.equal([]);
  });

  const wrong: Record<string, [name: string, value: string]> = {
    "a peer without an identity": ["PEERS", "/ip4/192.0.2.7/tcp/9100"],
    "a peer whose identity is none": ["PEERS", "/ip4/192.0.2.7/tcp/9100/p2p/somebody"],
    "another transport": ["PEERS", PEER.replace("tcp", "udp")],
    "a relayed peer": ["PEERS", `${PEER}/p2p-circuit${PEER}`],
    "a URL": ["LISTEN", "http://127.0.0.1:9100"],
    "a port that is none": ["LISTEN", "/ip4/127.0.0.1/tcp/99999"],
    "no messages": ["LIMIT_MESSAGES", "0/1"],
    "one connection": ["MAX_CONNECTIONS", "1"],
    "messages that hold no signature": ["MESSAGE_LIMIT", "100"],
  };
  for (const [what, [name, value]] of Object.entries(wrong)) {
    it(`refuse ${what}`, () => {
      const settings = { LISTEN: "/ip4/127.0.0.1/tcp/9100", [name]: value };
      expect(() => parse(settings))
        .to.throw(`NODE_GOSSIP_${name}`)
        .with.property("code", "config/invalid");
    });
  }

  it("refuse what is misspelt", () => {
    expect(() => parse({ PEERS: PEER, PEER }))
      .to.throw()
      .with.property("code", "config/unknown");
  });

  it("gossip/no-aggregators: spare a signer the aggregators' addresses", () => {
    const signer = {
      SIGNER_RPC_URL: "http://127.0.0.1:8545",
      SIGNER_CHAIN_ID: "1",
      SIGNER_REGISTRY: "0x5FbDB2315678afecb367f032d93F642f64180aa3",
      SIGNER_PASSPHRASE: "correct horse battery staple",
      SIGNER_ACCOUNT_KEY: `0x${"11".repeat(32)}`,
      SIGNER_WITHOUT_LOG: "true",
    };
    expect(parseSignerConfig({ ...signer, NODE_GOSSIP_PEERS: PEER }).aggregators).to.deep.equal([]);
    expect(() => parseSignerConfig(signer)).to.throw(/SIGNER_AGGREGATORS/);
  });
});
