import { getAddress } from "ethers";

import { parseDecimal } from "../shared/decimal.js";
import { DomainError } from "../shared/errors.js";
import { Secret } from "../shared/secret.js";

export type ConfigErrorCode = "config/missing" | "config/invalid" | "config/unknown";

/**
 * Reads one process's variables, all of which begin with a prefix, and remembers which it was asked for: a variable that
 * nobody asked for is a typing error. Messages name the variable and never its value, which may be a secret.
 */
export class EnvironmentReader {
  readonly #environment: Readonly<Record<string, string | undefined>>;
  readonly #prefix: string;
  readonly #known = new Set<string>();

  constructor(environment: Readonly<Record<string, string | undefined>>, prefix: string) {
    this.#environment = environment;
    this.#prefix = prefix;
  }

  optionalText(name: string): string | undefined {
    const full = this.#prefix + name;
    this.#known.add(full);
    const value = this.#environment[full];
    return value === undefined || value === "" ? undefined : value;
  }

  text(name: string, standard?: string): string {
    const value = this.optionalText(name) ?? standard;
    if (value !== undefined) return value;
    throw new DomainError<ConfigErrorCode>("config/missing", `${this.#prefix}${name} is not set`);
  }

  integer(name: string, { default: standard, min = 0, max = Number.MAX_SAFE_INTEGER }: IntegerRule): number {
    const parsed = parseDecimal(this.text(name, standard?.toString()));
    if (parsed === undefined || parsed < BigInt(min) || parsed > BigInt(max)) {
      throw this.invalid(name, `a whole number from ${min} to ${max}`);
    }
    return Number(parsed);
  }

  /** Wei. */
  amount(name: string, standard: bigint): bigint {
    const parsed = parseDecimal(this.text(name, standard.toString()));
    if (parsed === undefined || parsed === 0n) throw this.invalid(name, "an amount in wei, in decimal digits");
    return parsed;
  }

  flag(name: string): boolean {
    const value = this.text(name, "false");
    if (value !== "true" && value !== "false") throw this.invalid(name, "true or false");
    return value === "true";
  }

  address(name: string): string {
    try {
      return getAddress(this.text(name));
    } catch (error) {
      if (error instanceof DomainError) throw error;
      throw this.invalid(name, "an address with its EIP-55 checksum");
    }
  }

  optionalAddress(name: string): string | null {
    return this.optionalText(name) === undefined ? null : this.address(name);
  }

  url(name: string): string {
    const value = this.text(name);
    if (!/^https?:\/\//.test(value) || !URL.canParse(value)) throw this.invalid(name, "an http or https URL");
    return value;
  }

  /** Secret, because webhooks carry their password in the path. */
  optionalUrl(name: string): Secret | null {
    return this.optionalText(name) === undefined ? null : new Secret(this.url(name));
  }

  optionalSecret(name: string): Secret | undefined {
    const value = this.optionalText(name);
    return value === undefined ? undefined : new Secret(value);
  }

  secretBytes(name: string): Secret<Uint8Array> {
    const value = this.text(name);
    if (!/^([0-9a-fA-F]{2}){32,}$/.test(value)) throw this.invalid(name, "at least 32 bytes in hex");
    return new Secret(Buffer.from(value, "hex"));
  }

  /** Of an account: 32 bytes of 0x hex. */
  signingKey(name: string): Secret<Uint8Array> {
    const value = this.text(name);
    if (!/^0x[0-9a-fA-F]{64}$/.test(value)) throw this.invalid(name, "32 bytes of 0x hex");
    return new Secret<Uint8Array>(Buffer.from(value.slice(2), "hex"));
  }

  list<T>(name: string, standard: string, what: string, parse: (item: string) => T | undefined): T[] {
    const items = this.text(name, standard)
      .split(",")
      .map((item) => parse(item.trim()));
    if (items.some((item) => item === undefined)) throw this.invalid(name, `a comma-separated list of ${what}`);
    return items as T[];
  }

  invalid(name: string, expected: string): DomainError<ConfigErrorCode> {
    return new DomainError("config/invalid", `${this.#prefix}${name} must be ${expected}`);
  }

  /** Call after everything was read. */
  refuseUnknown(): void {
    const unknown = Object.keys(this.#environment).find(
      (name) => name.startsWith(this.#prefix) && !this.#known.has(name),
    );
    if (unknown === undefined) return;
    throw new DomainError<ConfigErrorCode>("config/unknown", `${unknown} is not a setting of this process`);
  }
}

export interface IntegerRule {
  readonly default?: number;
  readonly min?: number;
  readonly max?: number;
}
