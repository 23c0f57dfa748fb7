import { expect } from "chai";
import fc from "fast-check";

import { addressText } from "../../../src/merkle/address.js";
import type { Allocation } from "../../../src/merkle/allocation.js";
import { DEFAULT_LIST_OPTIONS, parseListOptions, type ListOptions } from "../../../src/merkle/list/options.js";
import { ListParser } from "../../../src/merkle/list/parse-list.js";
import { amountOf } from "../../../src/merkle/rows.js";
import { failure } from "./support/codes.js";
import { allocations, toCsv } from "./support/rows.js";

const LOWER = "0x25468e86ed8ec296de39fcb798c7f212924443ab";
const CHECKED = "0x25468E86ED8eC296de39FcB798C7f212924443AB";

function parse(text: string | Uint8Array, options: Partial<ListOptions> = {}, sizes: readonly number[] = []) {
  const bytes = typeof text === "string" ? Buffer.from(text, "utf8") : text;
  const parser = new ListParser({ ...DEFAULT_LIST_OPTIONS, ...options });
  let from = 0;
  for (const size of sizes) {
    // A reader fills the same buffer again: what the parser keeps must be its own.
    const chunk = Uint8Array.from(bytes.subarray(from, from + size));
    parser.push(chunk);
    chunk.fill(0);
    from += size;
  }
  parser.push(bytes.subarray(from));
  const { rows, total, fileOrder } = parser.finish();
  const list: Allocation[] = Array.from({ length: rows.count }, (_, row) => ({
    userId: rows.ids[row] as number,
    amount: amountOf(rows, row),
    account: addressText(rows, row),
  }));
  return { list, total, fileOrder };
}

describe("ListParser", () => {
  it("reads back what was written, in ascending order of ids, however the bytes arrive", () => {
    const chunks = fc.array(fc.nat({ max: 40 }), { maxLength: 30 });
    fc.assert(
      fc.property(allocations("mixed"), chunks, (list, sizes) => {
        const sorted = list.toSorted((a, b) => a.userId - b.userId);
        const parsed = parse(toCsv(list), {}, sizes);
        expect(parsed.list).to.deep.equal(sorted);
        expect(parsed.total).to.equal(list.reduce((sum, { amount }) => sum + amount, 0n));
        const inFile = sorted.map(
          (_, row) => list[parsed.fileOrder === null ? row : (parsed.fileOrder[row] as number)],
        );
        expect(inFile).to.deep.equal(sorted);
      }),
    );
  });

  it("accepts any order of columns, a missing address column, a missing last line end and whole cells in quotes", () => {
    const expected = [{ userId: 7, amount: 5n, account: null }];
    expect(parse("amount,user_id\n5,7").list).to.deep.equal(expected);
    expect(parse('"user_id","amount"\n"7","5"\n').list).to.deep.equal(expected);
    expect(parse("user_id,amount,address\n7,5,").list).to.deep.equal(expected);
  });

  it("accepts lower-case addresses and right checksums", () => {
    for (const address of [LOWER, CHECKED]) {
      expect(parse(`user_id,amount,address\n1,1,${address}\n`).list[0]?.account).to.equal(CHECKED);
    }
  });

  it("lets an account hold several ids", () => {
    expect(parse(`user_id,amount,address\n1,1,${LOWER}\n2,1,${LOWER}\n`).list).to.have.length(2);
  });

  it("numbers rows from 1 and reads tokens under other names", () => {
    const options = parseListOptions({ unit: "token", columns: "amount=tokens,address=safe", ids: "row", funding: "" });
    const { list, total } = parse(`safe,tokens\n${LOWER},514\n${LOWER},0.5\n`, options);
    expect(list.map(({ userId, amount }) => [userId, amount])).to.deep.equal([
      [1, 514n * 10n ** 18n],
      [2, 5n * 10n ** 17n],
    ]);
    expect(total).to.equal(5145n * 10n ** 17n);
  });

  const max = "79228162514264337593543950335";
  const refused: [
    what: string,
    code: string,
    line: number,
    text: string | Uint8Array,
    options?: Partial<ListOptions>,
  ][] = [
    ["no bytes", "list/empty", 1, ""],
    ["a header and nothing else", "list/empty", 2, "user_id,amount\n"],
    ["a UTF-8 byte order mark", "list/byte-order-mark", 1, "\ufeffuser_id,amount\n1,1\n"],
    ["a UTF-16 byte order mark", "list/byte-order-mark", 1, Uint8Array.of(0xff, 0xfe, 0x75, 0)],
    ["CR LF in the header", "list/line-ending", 1, "user_id,amount\r\n1,1\r\n"],
    ["CR LF in a row", "list/line-ending", 3, "user_id,amount\n1,1\n2,1\r\n"],
    ["a NUL byte", "list/encoding", 2, "user_id,amount\n1,\0\n"],
    ["a tab", "list/encoding", 2, "user_id,amount\n1,1\t\n"],
    ["invalid UTF-8", "list/encoding", 2, Buffer.from("user_id,amount\n1,\xff\n", "latin1")],
    ["another script's digits", "list/encoding", 2, "user_id,amount\n1,١\n"],
    ["a NUL in quotes", "list/encoding", 2, 'user_id,amount\n1,"\0"\n'],
    ["an open quote", "list/quote", 2, 'user_id,amount\n1,"5\n2,6\n'],
    ["a quote inside a cell", "list/quote", 2, 'user_id,amount\n1,5"6"\n'],
    ["text after a quote", "list/quote", 2, 'user_id,amount\n1,"5"6\n'],
    ["an endless line", "list/line-too-long", 2, `user_id,amount\n1,${"1".repeat(5000)}`],
    ["a blank line", "list/blank-line", 3, "user_id,amount\n1,1\n\n2,1\n"],
    ["a blank last line", "list/blank-line", 3, "user_id,amount\n1,1\n\n"],
    ["a missing cell", "list/cell-count", 2, "user_id,amount\n1\n"],
    ["a cell too many", "list/cell-count", 3, "user_id,amount\n1,1\n2,1,\n"],
    ["a thousand cells", "list/cell-count", 2, `user_id,amount\n1,1${",".repeat(1000)}\n`],
    ["no amount column", "list/missing-header", 1, "user_id\n1\n"],
    ["no id column", "list/missing-header", 1, "amount\n1\n"],
    ["a column twice", "list/duplicate-header", 1, "user_id,amount,amount\n1,1,1\n"],
    ["no header", "list/unknown-header", 1, "1,100\n2,100\n"],
    ["a padded header", "list/unknown-header", 1, "user_id, amount\n1,1\n"],
    ["a capital in a header", "list/unknown-header", 1, "User_id,amount\n1,1\n"],
    ["an id column beside --ids row", "list/unknown-header", 1, "user_id,amount\n1,1\n", { ids: "row" }],
    ["an empty id", "list/bad-user-id", 2, "user_id,amount\n,1\n"],
    ["a negative id", "list/bad-user-id", 2, "user_id,amount\n-1,1\n"],
    ["an id with leading zero", "list/bad-user-id", 2, "user_id,amount\n01,1\n"],
    ["a hexadecimal id", "list/bad-user-id", 2, "user_id,amount\n0x1,1\n"],
    ["an id of 2^32", "list/user-id-too-large", 2, "user_id,amount\n4294967296,1\n"],
    ["an id of a thousand digits", "list/user-id-too-large", 2, `user_id,amount\n${"9".repeat(1000)},1\n`],
    ["an empty amount", "list/bad-amount", 2, "user_id,amount\n1,\n"],
    ["a negative amount", "list/bad-amount", 2, "user_id,amount\n1,-5\n"],
    ["a plus sign", "list/bad-amount", 2, "user_id,amount\n1,+5\n"],
    ["a leading space", "list/bad-amount", 2, "user_id,amount\n1, 5\n"],
    ["a trailing space", "list/bad-amount", 2, "user_id,amount\n1,5 \n"],
    ["a leading zero", "list/bad-amount", 2, "user_id,amount\n1,05\n"],
    ["an exponent", "list/bad-amount", 2, "user_id,amount\n1,1e18\n"],
    ["a hexadecimal amount", "list/bad-amount", 2, "user_id,amount\n1,0x10\n"],
    ["a fraction of a wei", "list/bad-amount", 2, "user_id,amount\n1,1.5\n"],
    [
      "19 fraction digits of a token",
      "list/bad-amount",
      2,
      `user_id,amount\n1,0.${"1".repeat(19)}\n`,
      { unit: "token" },
    ],
    ["a point and nothing after it", "list/bad-amount", 2, "user_id,amount\n1,1.\n", { unit: "token" }],
    ["a point and nothing before it", "list/bad-amount", 2, "user_id,amount\n1,.5\n", { unit: "token" }],
    ["two points", "list/bad-amount", 2, "user_id,amount\n1,1.2.3\n", { unit: "token" }],
    ["zero", "list/zero-amount", 2, "user_id,amount\n1,0\n"],
    ["zero with a fraction", "list/zero-amount", 2, "user_id,amount\n1,0.000\n", { unit: "token" }],
    ["2^96", "list/amount-too-large", 2, "user_id,amount\n1,79228162514264337593543950336\n"],
    ["2^96 wei in tokens", "list/amount-too-large", 2, "user_id,amount\n1,79228162515\n", { unit: "token" }],
    ["a sum of 2^96", "list/total-too-large", 3, `user_id,amount\n1,${max}\n2,1\n`],
    ["a sum above the funding", "list/over-funding", 4, "user_id,amount\n1,50\n2,50\n3,1\n4,1\n", { funding: 100n }],
    ["an address without prefix", "list/bad-address", 2, `user_id,amount,address\n1,1,${LOWER.slice(2)}\n`],
    ["a capital prefix", "list/bad-address", 2, `user_id,amount,address\n1,1,0X${LOWER.slice(2)}\n`],
    ["a short address", "list/bad-address", 2, `user_id,amount,address\n1,1,${LOWER.slice(0, 41)}\n`],
    ["a letter g", "list/bad-address", 2, `user_id,amount,address\n1,1,${LOWER.slice(0, 41)}g\n`],
    ["the zero address", "list/zero-address", 2, `user_id,amount,address\n1,1,0x${"0".repeat(40)}\n`],
    ["a capital too few", "list/bad-checksum", 2, `user_id,amount,address\n1,1,${CHECKED.replace("AB", "Ab")}\n`],
    ["all capitals", "list/bad-checksum", 2, `user_id,amount,address\n1,1,0x${LOWER.slice(2).toUpperCase()}\n`],
    ["an id twice", "list/duplicate-user-id", 4, "user_id,amount\n9,1\n5,1\n9,1\n"],
  ];
  for (const [what, code, line, text, options] of refused) {
    it(`refuses ${what}: ${code}`, () => {
      const error = failure(code, () => parse(text, options));
      expect(error.details.line).to.equal(line);
      expect(error.message)
        .to.match(new RegExp(`^line ${line}: `))
        .and.not.include("\n");
    });
  }

  it("reports the first fault of the file, although checksums are checked in batches", () => {
    const wrong = CHECKED.replace("AB", "Ab");
    const text = `user_id,amount,address\n1,1,${CHECKED}\n2,1,${wrong}\n3,0,\n`;
    expect(failure("list/bad-checksum", () => parse(text)).details).to.include({ line: 3, address: wrong });
  });

  it("finds the one wrong checksum of thousands", () => {
    const rows = Array.from({ length: 3000 }, (_, row) => `${row + 1},1,${CHECKED}`);
    rows[2047] = rows[2047]?.replace("AB", "aB") ?? "";
    const text = ["user_id,amount,address", ...rows].join("\n");
    expect(failure("list/bad-checksum", () => parse(text)).details.line).to.equal(2049);
  });

  it("never takes more than the row count says, and never crashes, on noise", () => {
    const piece = fc.constantFrom(
      "user_id",
      "amount",
      "address",
      ",",
      "\n",
      "1",
      "20",
      '"',
      LOWER,
      CHECKED,
      "-",
      ".",
      "\r",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join("");
        try {
          expect(parse(text).list.length).to.be.at.most(text.split("\n").length - 1);
        } catch (error) {
          expect((error as { code?: string }).code, String((error as Error).stack)).to.match(/^list\//);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("parseListOptions", () => {
  const texts = { unit: "wei", columns: "", ids: "column", funding: "" };

  it("reads funding in the list's unit", () => {
    expect(parseListOptions({ ...texts, funding: "100" }).funding).to.equal(100n);
    expect(parseListOptions({ ...texts, unit: "token", funding: "1.5" }).funding).to.equal(15n * 10n ** 17n);
  });

  it("requires an address column that was named", () => {
    const options = parseListOptions({ ...texts, columns: "address=safe" });
    failure("list/missing-header", () => parse("user_id,amount\n1,1\n", options));
  });

  for (const changes of [
    { unit: "gwei" },
    { ids: "none" },
    { columns: "amount" },
    { columns: "amount=a,amount=b" },
    { columns: "price=a" },
    { columns: "amount=a,address=a" },
    { ids: "row", columns: "user_id=id" },
    { funding: "1e18" },
    { funding: "79228162514264337593543950336" },
  ]) {
    it(`refuses ${JSON.stringify(changes)}`, () => {
      failure("list/bad-option", () => parseListOptions({ ...texts, ...changes }));
    });
  }
});
