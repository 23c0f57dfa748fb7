import { figure, ruleKind } from "../rule.js";

/** An account with a past of its own, and no other account that gives as it does: old accounts are sold in batches. */
export const oldAccount = ruleKind({
  name: "old-account",
  verdict: "human",
  strength: "strong",
  thresholds: {
    days: { standard: 1_095, least: 1, most: 36_500 },
    transactions: { standard: 100, least: 0, most: 1e9 },
    copies: { standard: 1, least: 1, most: 1e6 },
  },
  reads: () => ["accountAge", "transactions", "copies"],
  judge: (value, { days, transactions, copies }) => {
    const [age, sent] = [value("accountAge"), value("transactions")];
    if (!(age >= days && sent >= transactions && value("copies") <= copies)) return undefined;
    return `the account is ${figure(Math.floor(age))} days old and has sent ${figure(sent)} transactions`;
  },
});
