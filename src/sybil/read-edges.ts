import path from "node:path";

import { Components } from "./components.js";
import { SybilError } from "./errors.js";
import { numberOf, readTable } from "./tables/read-table.js";

/** Reads `a,b,distance` and connects what is at most `cut` apart: clusters of names, largest first, then in file order. */
export async function clusterEdges(file: string, cut: number): Promise<string[][]> {
  const ids = new Map<string, number>();
  const edges: [number, number][] = [];
  const idOf = (name: string) => {
    const id = ids.get(name) ?? ids.size;
    ids.set(name, id);
    return id;
  };
  for await (const { line, cells } of readTable(file, ["a", "b", "distance"])) {
    const [a, b, text] = cells as [string, string, string];
    const distance = numberOf(text, { file, line, column: "distance" }) as number;
    const wrong = distance < 0 ? `the distance ${text} is below 0` : a === b ? `${a} is connected with itself` : "";
    if (wrong !== "")
      throw new SybilError("sybil/bad-cell", `${path.basename(file)}, line ${line}: ${wrong}`, { line });
    const edge: [number, number] = [idOf(a), idOf(b)];
    if (distance <= cut) edges.push(edge);
  }
  const components = new Components(ids.size);
  for (const [a, b] of edges) components.join(a, b);
  const names = [...ids.keys()];
  return components.groups().map((group) => group.map((node) => names[node] as string));
}
