import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { payoutList, readPayouts, readRecipients } from "../../src/funding/payout.js";
import { writeTable } from "../../src/sybil/tables/write-table.js";
import { parseNumber, required } from "../options.js";
import { outputFile } from "../output-file.js";
import { printResult } from "../output.js";
import { run } from "../run.js";
import { parseAmount } from "./amount.js";

interface PayoutArguments extends Record<"out" | "recipients" | "units" | "pool", string | undefined> {
  file: string;
  json: boolean;
}

const payout: NewTaskActionFunction<PayoutArguments> = async (given) =>
  run(async () => {
    const target = await outputFile(required(given.out, "--out"), [given.file, given.recipients]);
    const units = parseNumber(required(given.units, "--units"), "--units");
    const payouts = await readPayouts(given.file);
    const recipients = await readRecipients(required(given.recipients, "--recipients"));
    const sum = payouts.reduce((total, entry) => total + entry.payout, 0);
    const pool = given.pool === undefined ? sum : parseAmount(given.pool, "--pool");
    const list = payoutList(payouts, recipients, pool, units);
    const rows = list.map(({ userId, address, amount }) => [userId, address, amount.toString()]);
    await writeTable(target, ["user_id", "address", "amount"], rows);
    const paid = list.reduce((total, { amount }) => total + amount, 0n);
    printResult(given.json, { recipients: list.length, units: paid, of: units, out: target }, [
      `${list.length} of ${payouts.length} projects are paid ${paid} of ${units} units`,
      `The list is in ${target}`,
    ]);
  });

export default payout;
