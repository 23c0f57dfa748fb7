import { read, verdict, whole } from "./figures.js";

interface NetworkMeasured {
  readonly stewards: number;
  readonly cores: number;
  readonly parameters: { readonly k: number; readonly m: number; readonly phiF: number };
  readonly phases: readonly { readonly phase: string; readonly seconds: number }[];
  readonly seconds: number;
  readonly goal: number;
  readonly gas: { readonly register: number; readonly seal: readonly number[]; readonly certify: number };
  readonly certificate: { readonly signers: number; readonly indices: number };
  readonly taken: number;
}

/** What an epoch of many stewards takes, part by part. */
export function networkSection(): string[] {
  const measured = read<NetworkMeasured>("network");
  const { stewards, cores, parameters, phases, seconds, goal, gas, certificate, taken } = measured;
  const seals = gas.seal.map(whole).join(" + ");
  return [
    "## An epoch of a whole network",
    "",
    `\`npm run bench:network\`: ${stewards} stewards, k ${parameters.k}, m ${parameters.m}, φ ${parameters.phiF}, on ${cores} cores. Chain (anvil) and aggregator are processes`,
    "of their own; the signers are one process, which does for each what a signer does but looks at the chain once for all. Two epochs of keys",
    `are registered, because a certificate says who signs next. Waiting for epochs is left out. The aggregator took ${whole(taken)} signatures until it had`,
    `its quorum; the certificate, of the stake distribution, has ${certificate.signers} signers and ${whole(certificate.indices)} indices.`,
    "",
    "| work | seconds |",
    "|---|---|",
    ...phases.map((one) => `| ${one.phase} | ${one.seconds.toFixed(1)} |`),
    `| in all; goal ${goal} s: ${verdict(seconds < goal)} | ${seconds.toFixed(1)} |`,
    "",
    `Gas: a registration ${whole(gas.register)}, sealing ${seals} (two epochs, in pages), the certificate ${whole(gas.certify)}.`,
  ];
}
