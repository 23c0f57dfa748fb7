/** The name of a realm: a DID, or a word that several issuers agree on. */
export const NULLIFIER_REALM = /^[a-z0-9:._-]{1,80}$/;

/**
 * The key under which a nullifier is linked to an account. The realm comes first: an issuer that copies another's nullifiers
 * into its own credentials occupies nothing.
 */
export const linkKey = (realm: string, nullifier: string): string => `${realm}/${nullifier}`;
