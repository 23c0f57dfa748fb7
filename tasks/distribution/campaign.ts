import type { TaskDefinition } from "hardhat/types/tasks";

/** Work on a distributor that is, or shall be, on a chain. */
export const campaignTasks: TaskDefinition[] = [];
