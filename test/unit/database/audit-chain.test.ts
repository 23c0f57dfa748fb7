import { expect } from "chai";

import { findBrokenLink, FIRST_HASH, linkEvent } from "../../../src/database/audit-chain.js";
import type { ClaimEventsTable } from "../../../src/database/schema.js";

function chain(): ClaimEventsTable[] {
  const rows: ClaimEventsTable[] = [];
  let previous: { seq: number; hash: string } = { seq: 0, hash: FIRST_HASH };
  for (let userId = 1; userId <= 4; userId += 1) {
    const row = linkEvent(previous, { type: "issued", userId, at: 1000 + userId, data: { b: userId, a: "x" } });
    rows.push(row);
    previous = row;
  }
  return rows;
}

describe("the audit chain", () => {
  it("holds", () => {
    expect(findBrokenLink(chain())).to.equal(undefined);
    expect(chain()[0]?.data).to.equal('{"a":"x","b":1}');
  });

  it("breaks where a row was changed, removed, or put in another order", () => {
    const changes: [Partial<ClaimEventsTable>, number][] = [
      [{ user_id: 9 }, 2],
      [{ at: 1 }, 2],
      [{ type: "expired" }, 2],
      [{ data: "{}" }, 2],
      [{ hash: FIRST_HASH }, 2],
    ];
    for (const [change, broken] of changes) {
      const rows = chain();
      rows[1] = { ...(rows[1] as ClaimEventsTable), ...change };
      expect(findBrokenLink(rows), JSON.stringify(change)).to.equal(broken);
    }
    expect(findBrokenLink(chain().filter(({ seq }) => seq !== 2))).to.equal(3);
    expect(findBrokenLink(chain().reverse())).to.equal(4);
  });
});
