import { type MessageParts } from "../certificates/message.js";

/** Names of the parts, in the order in which they are hashed; the eighth existed in 2024 only. */
export const MITHRIL_PARTS = [
  "snapshot_digest",
  "cardano_transactions_merkle_root",
  "cardano_blocks_transactions_merkle_root",
  "next_aggregate_verification_key",
  "next_protocol_parameters",
  "current_epoch",
  "latest_immutable_file_number",
  "latest_block_number",
  "cardano_blocks_transactions_block_number_offset",
  "cardano_stake_distribution_epoch",
  "cardano_stake_distribution_merkle_root",
  "cardano_database_merkle_root",
  "next_aggregate_verification_key_snark",
] as const;

export type MithrilPart = (typeof MITHRIL_PARTS)[number];
export type MithrilMessage = MessageParts<MithrilPart>;
