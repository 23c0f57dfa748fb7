import { Interface, isCallException, type Provider } from "ethers";

import type { ContractSignatures } from "../passport/sign-in.js";
import { guardChain } from "./provider.js";

const ERC1271 = new Interface(["function isValidSignature(bytes32,bytes) view returns (bytes4)"]);
const ACCEPTED = "0x1626ba7e";

/** ERC-1271 over a node: any answer but the agreed one, and any revert, is a no. */
export function contractSignatures(provider: Provider): ContractSignatures {
  return {
    async accepts(account, digest, signature) {
      const data = ERC1271.encodeFunctionData("isValidSignature", [digest, signature]);
      try {
        const result = await guardChain(() => provider.call({ to: account, data }));
        return result.length >= 66 && result.startsWith(ACCEPTED);
      } catch (error) {
        if (isCallException(error)) return false; // the wallet's way of saying no
        throw error;
      }
    },
  };
}
