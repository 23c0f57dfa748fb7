// The least that a proof costs: its bytes and the precompiles that it cannot do without, each warm call with its 100 gas. All
// arithmetic, memory and control of a contract comes on top.
import type { ConcatenationProof } from "../../../src/stm/proof.js";

const CALL = 100;
const BLAKE2F = 12 + CALL;

/** EIP-2537's discounts in thousandths, for 1 to 128 terms; the last one holds beyond. */
const G1_DISCOUNTS = [
  1000, 949, 848, 797, 764, 750, 738, 728, 719, 712, 705, 698, 692, 687, 682, 677, 673, 669, 665, 661, 658, 654, 651,
  648, 645, 642, 640, 637, 635, 632, 630, 627, 625, 623, 621, 619, 617, 615, 613, 611, 609, 608, 606, 604, 603, 601,
  599, 598, 596, 595, 593, 592, 591, 589, 588, 586, 585, 584, 582, 581, 580, 579, 577, 576, 575, 574, 573, 572, 570,
  569, 568, 567, 566, 565, 564, 563, 562, 561, 560, 559, 558, 557, 556, 555, 554, 553, 552, 551, 550, 549, 548, 547,
  547, 546, 545, 544, 543, 542, 541, 540, 540, 539, 538, 537, 536, 536, 535, 534, 533, 532, 532, 531, 530, 529, 528,
  528, 527, 526, 525, 525, 524, 523, 522, 522, 521, 520, 520, 519,
];
const G2_DISCOUNTS = [
  1000, 1000, 923, 884, 855, 832, 812, 796, 782, 770, 759, 749, 740, 732, 724, 717, 711, 704, 699, 693, 688, 683, 679,
  674, 670, 666, 663, 659, 655, 652, 649, 646, 643, 640, 637, 634, 632, 629, 627, 624, 622, 620, 618, 615, 613, 611,
  609, 607, 606, 604, 602, 600, 598, 597, 595, 593, 592, 590, 589, 587, 586, 584, 583, 582, 580, 579, 578, 576, 575,
  574, 573, 571, 570, 569, 568, 567, 566, 565, 563, 562, 561, 560, 559, 558, 557, 556, 555, 554, 553, 552, 552, 551,
  550, 549, 548, 547, 546, 545, 545, 544, 543, 542, 541, 541, 540, 539, 538, 537, 537, 536, 535, 535, 534, 533, 532,
  532, 531, 530, 530, 529, 528, 528, 527, 526, 526, 525, 524, 524,
];

const msm = (terms: number, price: number, discounts: readonly number[]) =>
  Math.floor((terms * price * (discounts[Math.min(terms, 128) - 1] ?? 0)) / 1000);

export interface Floor {
  readonly pointsAndLeaves: number;
  readonly lottery: number;
  readonly merkle: number;
  readonly bls: number;
}

/** How many nodes the batch path's walk hashes. */
function hashedNodes(leaves: number, indices: readonly number[]): number {
  let width = 1;
  while (width < leaves) width *= 2;
  let hashed = 0;
  for (let level = indices.map((index) => index + width - 1); (level[0] ?? 0) > 0;) {
    level = [...new Set(level.map((position) => (position - 1) >> 1))];
    hashed += level.length;
  }
  return hashed;
}

/** Blocks of Blake2b per draw behind the shared ones: "map" ‖ message ‖ root ‖ index ‖ signature. */
const blocksPerDraw = (messageLength: number) => (((3 + messageLength + 32) % 128) + 56 > 128 ? 2 : 1);

const sha256 = (length: number) => 60 + 12 * Math.ceil(length / 32) + CALL;

/** hash_to_curve: five SHA-256, two reductions by MODEXP, two maps, an addition. */
const hashToCurve = (messageLength: number) =>
  sha256(64 + messageLength + 32 + 4) + 4 * sha256(34) + 2 * (500 + CALL) + 2 * (5500 + CALL) + 375 + CALL;

export function floorOf({ signatures, path }: ConcatenationProof, leaves: number, messageLength: number): Floor {
  const signers = signatures.length;
  const draws = signatures.reduce((sum, { signature }) => sum + signature.indexes.length, 0);
  const aggregation =
    signers === 1
      ? 0
      : signers * BLAKE2F + msm(signers, 12_000, G1_DISCOUNTS) + msm(signers, 22_500, G2_DISCOUNTS) + 2 * CALL;
  return {
    pointsAndLeaves: signers * BLAKE2F,
    lottery: draws * blocksPerDraw(messageLength) * BLAKE2F,
    merkle: hashedNodes(leaves, path.indices) * BLAKE2F,
    bls: aggregation + hashToCurve(messageLength) + 37_700 + 2 * 32_600 + CALL,
  };
}
