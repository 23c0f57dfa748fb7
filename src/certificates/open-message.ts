// A message that stewards are asked to sign, from the moment it is known until it is certified or too old.
import { type CertificateMessage, certificateMessageHash } from "./certificate-message.js";
import { type Entity, type EntityKind, entityKey } from "./entity.js";

export interface OpenMessage {
  /** As {@link entityKey}: there is one message per entity. */
  readonly key: string;
  readonly entity: Entity;
  readonly message: CertificateMessage;
  /** What is signed. */
  readonly hash: string;
  /** Milliseconds since 1970, by the clock of whoever opened it. */
  readonly openedAt: number;
  readonly expiresAt: number;
}

/** Milliseconds for which a message waits for its quorum. Without the stake distribution the chain would stop, so it waits longer. */
export const OPEN_MESSAGE_LIFETIME: Readonly<Record<EntityKind, number>> = {
  scores: 600_000,
  "stake-distribution": 3_600_000,
};

export function openMessage(
  entity: Entity,
  message: CertificateMessage,
  now: number,
  lifetime: Readonly<Record<EntityKind, number>> = OPEN_MESSAGE_LIFETIME,
): OpenMessage {
  return {
    key: entityKey(entity),
    entity,
    message,
    hash: certificateMessageHash(message),
    openedAt: now,
    expiresAt: now + lifetime[entity.kind],
  };
}

/** Nobody certifies it any more: its time is over, or its epoch is. */
export const isExpired = ({ entity, expiresAt }: OpenMessage, now: number, epoch: bigint): boolean =>
  now >= expiresAt || entity.epoch !== epoch;
