import { task } from "hardhat/config";
import type { TaskDefinition } from "hardhat/types/tasks";

/** Work on a list's files, without a chain. */
export const listTasks: TaskDefinition[] = [
  task(["distribution", "build"], "Build a list's Merkle tree: check every row, write manifest, tree and entries")
    .addPositionalArgument({ name: "list", description: "The list: a CSV file user_id,amount[,address]" })
    .addOption({ name: "out", description: "The folder to write (required)", defaultValue: "" })
    .addOption({ name: "unit", description: "What amounts are counted in: wei or token", defaultValue: "wei" })
    .addOption({ name: "columns", description: "Other column names: user_id=…,amount=…,address=…", defaultValue: "" })
    .addOption({ name: "ids", description: "column, or row to number the rows from 1", defaultValue: "column" })
    .addOption({ name: "funding", description: "The most that the amounts may sum up to, in --unit", defaultValue: "" })
    .addOption({ name: "format", description: "standard-v1, gtc-v1 or uniswap", defaultValue: "standard-v1" })
    .addOption({ name: "exclude", description: "Files of ids paid before, separated by commas", defaultValue: "" })
    .addFlag({ name: "dump", description: "Also write a dump for OpenZeppelin's merkle-tree library" })
    .addOption({ name: "shards", description: "Also write proof files: 16, 256, 4096 or 65536", defaultValue: "" })
    .addOption({ name: "shardBy", description: "File proofs by user or by address", defaultValue: "user" })
    .addFlag({ name: "json", description: "Print the result as JSON" })
    .setAction(() => import("./actions/build.js"))
    .build(),
  task(["distribution", "verify"], "Rebuild root and proofs of a built list and name what differs")
    .addPositionalArgument({ name: "dir", description: "A folder that distribution build wrote" })
    .addOption({ name: "list", description: "The list it was built from", defaultValue: "" })
    .addOption({ name: "exclude", description: "The files of paid ids it was built with", defaultValue: "" })
    .addFlag({ name: "json", description: "Print the result as JSON" })
    .setAction(() => import("./actions/verify.js"))
    .build(),
  task(["distribution", "proof"], "Print a user's allocation and Merkle proof")
    .addPositionalArgument({ name: "dir", description: "A folder that distribution build wrote" })
    .addPositionalArgument({ name: "userId", description: "The user's id in the list" })
    .addFlag({ name: "json", description: "Print the result as JSON" })
    .setAction(() => import("./actions/proof.js"))
    .build(),
];
