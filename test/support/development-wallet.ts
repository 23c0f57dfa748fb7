import { HDNodeWallet, type JsonRpcProvider } from "ethers";

const MNEMONIC = "test test test test test test test test test test test junk";

/** Key number `index` of the development mnemonic; the first ones are funded on development chains. */
export function developmentWallet(index: number, provider: JsonRpcProvider | null = null): HDNodeWallet {
  return HDNodeWallet.fromPhrase(MNEMONIC, "", `m/44'/60'/0'/0/${index}`).connect(provider);
}
