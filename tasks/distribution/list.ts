import type { TaskDefinition } from "hardhat/types/tasks";

/** Work on a list's files, without a chain. */
export const listTasks: TaskDefinition[] = [];
