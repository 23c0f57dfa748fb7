import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

const folder = path.resolve(import.meta.dirname, "../../../docs/benchmarks");
const fileOf = (name: string) => path.join(folder, `${name}.json`);

/** Whether a benchmark has left figures of that name. */
export const has = (name: string): boolean => existsSync(fileOf(name));

/** The figures that a benchmark left as `docs/benchmarks/<name>.json`; throws where it left none. */
export const read = <T>(name: string): T => JSON.parse(readFileSync(fileOf(name), "utf8")) as T;

/** A figure without its fraction, its thousands apart. */
export const whole = (value: number): string => Math.round(value).toLocaleString("en");

/** What the report says of a goal. */
export const verdict = (met: boolean): string => (met ? "met" : "**missed**");
