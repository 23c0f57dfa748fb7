// A thread that checks signatures. It is sent lists of claims, one at a time, and answers each with as many booleans.
import { parentPort } from "node:worker_threads";

import { holds, type SignatureClaim } from "./prover.js";

parentPort?.on("message", (claims: readonly SignatureClaim[]) => parentPort?.postMessage(claims.map(holds)));
