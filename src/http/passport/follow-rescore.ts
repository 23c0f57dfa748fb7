import type { Progress } from "../../shared/progress.js";
import type { PassportClient, WireRescore } from "./passport-client.js";

export interface FollowPorts {
  /** Waits between two questions. */
  readonly pause: () => Promise<unknown>;
  readonly progress: Progress;
}

const STAGES = { settle: "settling links", score: "scoring accounts", done: "scoring accounts" };

/** Asks how far a rescore is until it is done; whoever stops asking stops nothing. */
export async function followRescore(
  client: Pick<PassportClient, "rescoreState">,
  begun: WireRescore,
  { pause, progress }: FollowPorts,
): Promise<WireRescore> {
  let state = begun;
  while (state.phase !== "done") {
    progress.update(STAGES[state.phase], state.scored);
    await pause();
    state = await client.rescoreState(begun.scorerId, begun.id);
  }
  progress.update(STAGES.done, state.scored, state.scored);
  progress.finish();
  return state;
}
