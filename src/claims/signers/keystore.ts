import { Wallet } from "ethers";

import { Secret } from "../../shared/secret.js";
import { ClaimError } from "../errors.js";

/** The key in an encrypted JSON keystore (Web3 Secret Storage, as ethers, geth and Foundry write it). */
export async function decryptKeystore(json: string, password: Secret): Promise<Secret> {
  try {
    const wallet = await Wallet.fromEncryptedJson(json, password.expose());
    return new Secret(wallet.privateKey);
  } catch {
    // No cause: the library's error quotes its arguments, and the password is one of them.
    throw new ClaimError(
      "claims/invalid-key",
      "The keystore file cannot be opened: wrong password or no JSON keystore",
    );
  }
}
