import { expect } from "chai";

import { SignIn, type ContractSignatures } from "../../../src/passport/sign-in.js";
import { Secret } from "../../../src/shared/secret.js";
import { siweMessage, SITE, walletOf } from "../../support/passport/service.js";
import { bytesOf, NOW } from "../../support/passport/stamps.js";

const wallet = walletOf("alice");

function createSignIn(contracts: ContractSignatures | null = null, secret = "sessions") {
  const time = { now: NOW };
  const nonces = new Map<string, number>();
  let made = 0;
  const signIn = new SignIn(
    {
      ...{ domains: [SITE], chainIds: [], maxAge: 300_000, nonceLifetime: 300, sessionLifetime: 60 },
      sessionSecret: new Secret<Uint8Array>(bytesOf(secret)),
    },
    {
      nonces: {
        addNonce: (nonce, expiresAt) => Promise.resolve(void nonces.set(nonce, expiresAt)),
        consumeNonce: (nonce, now) => Promise.resolve((nonces.get(nonce) ?? 0) > now && nonces.delete(nonce)),
      },
      contracts,
      clock: { now: () => time.now * 1000 },
      randomBytes: () => bytesOf(`nonce ${made++}`).subarray(0, 16),
    },
  );
  return { signIn, time, nonces };
}

const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => "signed in",
    (error: { code: string }) => error.code,
  );

describe("SignIn", () => {
  it("gives a session for a signed nonce, until it ends", async () => {
    const { signIn, time } = createSignIn();
    const { nonce } = await signIn.nonce();
    const message = siweMessage(wallet.address, nonce);
    const session = await signIn.verify(message, await wallet.signMessage(message));
    expect(session).to.deep.include({ account: wallet.address.toLowerCase(), expiresAt: NOW + 60 });
    expect(signIn.accountOf(session.token)).to.equal(session.account);
    time.now += 60;
    expect(signIn.accountOf(session.token)).to.equal(undefined);
  });

  it("takes no token that was changed or sealed by another service", async () => {
    const { signIn } = createSignIn();
    const { nonce } = await signIn.nonce();
    const message = siweMessage(wallet.address, nonce);
    const { token, account, expiresAt } = await signIn.verify(message, await wallet.signMessage(message));
    const mac = token.split(".")[2];
    const other = walletOf("mallory").address.toLowerCase();
    const bad = [
      "",
      "a.b.c",
      `${other}.${expiresAt}.${mac}`,
      `${account}.${expiresAt + 1}.${mac}`,
      `${token}.x`,
      token.slice(0, -2),
    ];
    for (const changed of bad) expect(signIn.accountOf(changed), changed).to.equal(undefined);
    expect(createSignIn(null, "others").signIn.accountOf(token)).to.equal(undefined);
  });

  it("spends no nonce on a signature that is wrong", async () => {
    const { signIn } = createSignIn();
    const { nonce } = await signIn.nonce();
    const message = siweMessage(wallet.address, nonce);
    expect(await codeOf(signIn.verify(message, await walletOf("mallory").signMessage(message)))).to.equal(
      "siwe/bad-signature",
    );
    expect(await codeOf(signIn.verify(message, "0x"))).to.equal("siwe/bad-signature");
    const signature = await wallet.signMessage(message);
    expect(await codeOf(signIn.verify(`${message}\nRequest ID: 1`, signature))).to.equal("siwe/bad-signature");
    expect(await codeOf(signIn.verify(message, signature))).to.equal("signed in");
    expect(await codeOf(signIn.verify(message, signature))).to.equal("siwe/nonce");
  });

  it("asks the contract behind an account (ERC-1271), only when its key did not sign", async () => {
    const asked: string[] = [];
    const contracts = {
      accepts: (account: string, _digest: string, signature: string) => {
        asked.push(account);
        return Promise.resolve(signature === "0x1234");
      },
    };
    const { signIn } = createSignIn(contracts);
    for (const [signature, outcome] of [
      ["0x1234", "signed in"],
      ["0x5678", "siwe/bad-signature"],
    ] as const) {
      const { nonce } = await signIn.nonce();
      expect(await codeOf(signIn.verify(siweMessage(wallet.address, nonce), signature))).to.equal(outcome);
    }
    const { nonce } = await signIn.nonce();
    const message = siweMessage(wallet.address, nonce);
    expect(await codeOf(signIn.verify(message, await wallet.signMessage(message)))).to.equal("signed in");
    expect(asked).to.deep.equal([wallet.address.toLowerCase(), wallet.address.toLowerCase()]);
  });
});
