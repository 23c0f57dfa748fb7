import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";

import { NodeError } from "../../../nodes/protocol/errors.js";
import { remembered } from "../../../shared/remembered.js";
import type { AggregatorTools } from "../app.js";
import { EpochParameters } from "../schemas.js";
import { epochToWire } from "../wire.js";

/** How long an answer is given again: what is in it costs a look at every signer. */
const MOMENT = 2_000;
/** How many answers are kept. */
const KEPT = 64;

interface Shown {
  readonly answer: object;
  /** Whether it can still change. */
  readonly final: boolean;
}

/** What holds in an epoch: parameters, their worth, and who signs. */
export const epochRoutes =
  ({ chainClock, views, store, clock }: AggregatorTools): FastifyPluginAsyncTypebox =>
  async (app) => {
    /** Of the epochs that certificates are still taken for. */
    const current = new Map<bigint, () => Promise<Shown>>();
    /** Of epochs that are over: keys are sealed, and nothing that is signed in them counts any more. */
    const past = new Map<bigint, Promise<Shown>>();

    async function show(epoch: bigint, over: boolean): Promise<Shown> {
      const view = await (over ? views.visit(epoch) : views.recent(epoch));
      if ("reason" in view) {
        return { answer: { epoch: epoch.toString(), status: view.reason }, final: view.reason !== "unsealed" };
      }
      const answer = { status: "sealed", ...epochToWire(view, await store.participation(epoch)) };
      return { answer, final: true };
    }

    /** Read once, whoever asks; what may still change, and what failed, is read again by the next one. */
    function showPast(epoch: bigint): Promise<Shown> {
      const known = past.get(epoch);
      if (known !== undefined) return known;
      const showing = show(epoch, true);
      keep(past, epoch, showing);
      const forget = () => void (past.get(epoch) === showing && past.delete(epoch));
      showing.then(({ final }) => final || forget(), forget);
      return showing;
    }

    function showCurrent(epoch: bigint): Promise<Shown> {
      const known = current.get(epoch);
      if (known !== undefined) return known();
      const ask = remembered(() => show(epoch, false), MOMENT, clock);
      keep(current, epoch, ask);
      return ask();
    }

    async function epochNamed(text: string): Promise<{ epoch: bigint; over: boolean }> {
      const { epoch: now } = await chainClock();
      const back = /^latest(?:-(\d+))?$/.exec(text);
      const epoch = back === null ? BigInt(text) : now - BigInt(back[1] ?? "0");
      // The registry takes certificates of its epoch and of the one before it.
      if (epoch >= 1n && epoch <= now) return { epoch, over: epoch + 1n < now };
      throw new NodeError("nodes/unknown-epoch", `It is epoch ${now}; there is nothing about epoch ${epoch}`);
    }

    const one = {
      summary: "An epoch's parameters, security level, signers and their participation; a number, latest or latest-K",
      params: EpochParameters,
    };
    app.get("/v1/epochs/:epoch", { schema: one }, async ({ params }) => {
      const { epoch, over } = await epochNamed(params.epoch);
      const { answer } = await (over ? showPast(epoch) : showCurrent(epoch));
      return answer;
    });
  };

/** Keeps what was added last. */
function keep<Value>(map: Map<bigint, Value>, epoch: bigint, value: Value): void {
  map.set(epoch, value);
  const [oldest] = map.keys();
  if (map.size > KEPT && oldest !== undefined) map.delete(oldest);
}
