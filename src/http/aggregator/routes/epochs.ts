import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";

import { NodeError } from "../../../nodes/protocol/errors.js";
import { remembered } from "../../../shared/remembered.js";
import type { AggregatorTools } from "../app.js";
import { EpochParameters } from "../schemas.js";
import { epochToWire } from "../wire.js";

/** How long an answer is given again: what is in it costs a look at every signer. */
const MOMENT = 2_000;
const KEPT = 32;

/** What holds in an epoch: parameters, their worth, and who signs. */
export const epochRoutes =
  ({ chainClock, views, store, clock }: AggregatorTools): FastifyPluginAsyncTypebox =>
  async (app) => {
    const known = new Map<bigint, () => Promise<object>>();

    async function show(epoch: bigint): Promise<object> {
      const view = await views.recent(epoch);
      if ("reason" in view) return { epoch: epoch.toString(), status: view.reason };
      return { status: "sealed", ...epochToWire(view, await store.participation(epoch)) };
    }

    async function epochNamed(text: string): Promise<bigint> {
      const { epoch: now } = await chainClock();
      const back = /^latest(?:-(\d+))?$/.exec(text);
      const epoch = back === null ? BigInt(text) : now - BigInt(back[1] ?? "0");
      if (epoch >= 1n && epoch <= now) return epoch;
      throw new NodeError("nodes/unknown-epoch", `It is epoch ${now}; there is nothing about epoch ${epoch}`);
    }

    const one = {
      summary: "An epoch's parameters, security level, signers and their participation; a number, latest or latest-K",
      params: EpochParameters,
    };
    app.get("/v1/epochs/:epoch", { schema: one }, async ({ params }) => {
      const epoch = await epochNamed(params.epoch);
      let ask = known.get(epoch);
      if (ask === undefined) {
        if (known.size >= KEPT) known.clear();
        ask = remembered(() => show(epoch), MOMENT, clock);
        known.set(epoch, ask);
      }
      return ask();
    });
  };
