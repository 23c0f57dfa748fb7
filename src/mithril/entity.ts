// What a certificate is about. The entity is not part of the signed message, but of the certificate's hash: which bytes of
// it went in changed with the years, so an entity has one or more encodings and the hash says which one was meant.
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";

import { u16, u64 } from "../shared/big-endian.js";
import { MAX_U64, natural, read } from "./fields.js";

interface FilePoint {
  readonly epoch: bigint;
  readonly file: bigint;
  /** Older formats name the network here. */
  readonly network?: string;
}

export type SignedEntity =
  | { readonly kind: "MithrilStakeDistribution" | "CardanoStakeDistribution"; readonly epoch: bigint }
  | ({ readonly kind: "CardanoImmutableFilesFull" | "CardanoDatabase" } & FilePoint)
  | {
      readonly kind: "CardanoTransactions";
      readonly point: FilePoint | { readonly epoch: bigint; readonly block: bigint };
    }
  | {
      readonly kind: "CardanoBlocksTransactions";
      readonly epoch: bigint;
      readonly block: bigint;
      readonly offset?: bigint;
    };

const BLOCKS_TRANSACTIONS_ID = 5;

/** Parses `signed_entity_type`: an object with one member, the kind. */
export function parseEntity(value: unknown, path: string): SignedEntity {
  const object = read.record(value, path);
  const [kind, ...more] = Object.keys(object);
  if (kind === undefined || more.length > 0)
    return read.fail(path, "does not have exactly one member, the entity's kind");
  const content = object[kind];
  const at = `${path}.${kind}`;
  switch (kind) {
    case "MithrilStakeDistribution":
    case "CardanoStakeDistribution":
      return { kind, epoch: natural(content, at) };
    case "CardanoImmutableFilesFull":
    case "CardanoDatabase":
      return { kind, ...parseFilePoint(content, at) };
    case "CardanoTransactions": {
      if (!Array.isArray(content)) return { kind, point: parseFilePoint(content, at) };
      const [epoch, block] = tuple(content, at, 2);
      return { kind, point: { epoch: natural(epoch, `${at}[0]`), block: natural(block, `${at}[1]`) } };
    }
    case "CardanoBlocksTransactions": {
      const [epoch, block, offset] = tuple(content, at, 2, 3);
      const point = { epoch: natural(epoch, `${at}[0]`), block: natural(block, `${at}[1]`) };
      return { kind, ...point, ...(offset === undefined ? {} : { offset: natural(offset, `${at}[2]`) }) };
    }
    default:
      return read.fail(path, `names an entity of an unknown kind, ${kind}`);
  }
}

/** A time point of the immutable files, as entities and the first generation's beacon have it. */
export function parseFilePoint(value: unknown, path: string): FilePoint {
  const point = read.object(value, path, ["epoch", "immutable_file_number"], ["network"]);
  return {
    epoch: natural(point.epoch, `${path}.epoch`),
    file: natural(point.immutable_file_number, `${path}.immutable_file_number`, MAX_U64),
    ...(point.network === undefined ? {} : { network: read.string(point.network, `${path}.network`) }),
  };
}

/** The encodings that some version of the format hashed for this entity; certificates of one kind mix them. */
export function entityEncodings(entity: SignedEntity): readonly Uint8Array[] {
  switch (entity.kind) {
    case "MithrilStakeDistribution":
    case "CardanoStakeDistribution":
      return [u64(entity.epoch)];
    case "CardanoDatabase":
      return [concatBytes(u64(entity.epoch), u64(entity.file))];
    case "CardanoImmutableFilesFull":
      return fileEncodings(entity);
    case "CardanoTransactions":
      return "block" in entity.point
        ? [concatBytes(u64(entity.point.epoch), u64(entity.point.block))]
        : fileEncodings(entity.point);
    case "CardanoBlocksTransactions": {
      const { epoch, block, offset } = entity;
      const points = [concatBytes(u64(epoch), u64(block))];
      if (offset !== undefined) points.unshift(concatBytes(u64(epoch), u64(block), u64(offset)));
      const ids = [u16(BLOCKS_TRANSACTIONS_ID), u64(BigInt(BLOCKS_TRANSACTIONS_ID))];
      return ids.flatMap((id) => points.map((point) => concatBytes(id, point)));
    }
  }
}

/** The network was shown for longer than it was hashed. */
function fileEncodings({ epoch, file, network }: FilePoint): Uint8Array[] {
  const point = concatBytes(u64(epoch), u64(file));
  return network === undefined ? [point] : [concatBytes(utf8ToBytes(network), point), point];
}

/** The entity in a few words, for verdicts: `CardanoDatabase 20/5`. */
export function describeEntity(entity: SignedEntity): string {
  switch (entity.kind) {
    case "MithrilStakeDistribution":
    case "CardanoStakeDistribution":
      return `${entity.kind} ${entity.epoch}`;
    case "CardanoImmutableFilesFull":
    case "CardanoDatabase":
      return `${entity.kind} ${entity.epoch}/${entity.file}`;
    case "CardanoTransactions":
      return `${entity.kind} ${entity.point.epoch}/${"block" in entity.point ? entity.point.block : entity.point.file}`;
    case "CardanoBlocksTransactions":
      return `${entity.kind} ${entity.epoch}/${entity.block}`;
  }
}

function tuple(value: unknown, path: string, ...lengths: readonly number[]): readonly unknown[] {
  const items = read.array(value, path);
  if (!lengths.includes(items.length)) read.fail(path, `does not have ${lengths.join(" or ")} items`);
  return items;
}
