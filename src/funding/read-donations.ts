import path from "node:path";

import { getAddress, isAddress } from "ethers";

import { numberOf, readTable } from "../sybil/tables/read-table.js";
import { FundingError } from "./errors.js";
import type { Memberships } from "./clusters.js";
import { collectRound, type Donation, type Round } from "./round.js";

/** Reads `donor,project,amount`; several donations of one donor to one project are one sum. */
export async function readDonations(file: string): Promise<Round> {
  const donations: Donation[] = [];
  for await (const { line, cells } of readTable(file, ["donor", "project", "amount"])) {
    const [donor, project, text] = cells as [string, string, string];
    const amount = numberOf(text, { file, line, column: "amount" }) as number;
    if (amount <= 0) {
      const what = `the amount ${text} is not above 0`;
      throw new FundingError("funding/bad-donation", `${path.basename(file)}, line ${line}: ${what}`, { line });
    }
    donations.push({ donor, project, amount });
  }
  return collectRound(donations);
}

/** Reads `donor,cluster`: a line for each membership. */
export async function readMemberships(file: string): Promise<Memberships> {
  const found = new Map<string, string[]>();
  for await (const { line, cells } of readTable(file, ["donor", "cluster"])) {
    const [donor, cluster] = cells as [string, string];
    const clusters = found.get(donor) ?? [];
    if (clusters.includes(cluster)) {
      const what = `donor ${donor} is in ${cluster} already`;
      throw new FundingError("funding/bad-clusters", `${path.basename(file)}, line ${line}: ${what}`, { line });
    }
    clusters.push(cluster);
    found.set(donor, clusters);
  }
  return found;
}

/** Reads `project,address`: projects by the address that receives for them (EIP-55), none for two. */
export async function readReceivers(file: string): Promise<Map<string, string>> {
  const receivers = new Map<string, string>();
  const projects = new Set<string>();
  for await (const { line, cells } of readTable(file, ["project", "address"])) {
    const [project, text] = cells as [string, string];
    const address = isAddress(text) ? getAddress(text) : undefined;
    const wrong =
      address === undefined
        ? `"${text}" is no address`
        : receivers.has(address)
          ? `the address ${address} receives for ${receivers.get(address)} already`
          : projects.has(project)
            ? `the project ${project} is there twice`
            : "";
    if (address === undefined || wrong !== "") {
      throw new FundingError("funding/bad-recipient", `${path.basename(file)}, line ${line}: ${wrong}`, { line });
    }
    projects.add(project);
    receivers.set(address, project);
  }
  return receivers;
}

/** Reads `donor`: the flagged ones, each once. */
export async function readFlagged(file: string): Promise<Set<string>> {
  const flagged = new Set<string>();
  for await (const { line, cells } of readTable(file, ["donor"])) {
    const donor = cells[0] as string;
    if (flagged.has(donor)) {
      const what = `donor ${donor} is there twice`;
      throw new FundingError("funding/bad-donation", `${path.basename(file)}, line ${line}: ${what}`, { line });
    }
    flagged.add(donor);
  }
  return flagged;
}
