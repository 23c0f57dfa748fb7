// A watcher that is stepped by hand.
import { EraWatch } from "../../../src/nodes/eras/era-watch.js";
import type { EraSource } from "../../../src/nodes/eras/era.js";
import type { StewardChain } from "../../../src/nodes/protocol/chain.js";
import { alarmKey } from "../../../src/nodes/watcher/alarm.js";
import { WatcherMachine, type Watched, type WatcherSettings } from "../../../src/nodes/watcher/machine.js";
import type { KeptAlarm } from "../../../src/nodes/watcher/ports.js";
import { silentLogger } from "../../../src/shared/logger.js";
import { MemoryWatcherStore } from "./memory-watcher-store.js";
import type { TestSource } from "./sources.js";

/** The toy parameters are worth nothing, and a toy quorum is whoever is lucky. */
export const SETTINGS: WatcherSettings = { window: 8n, grace: 1n, minimumShare: 0.1, minimumBits: 0 };

/** A watcher with a receiver that writes down what it is told; it has the rules of version 1. */
export function watcher(
  chain: StewardChain,
  sources: readonly TestSource[],
  settings: Partial<WatcherSettings> = {},
  markers: EraSource | null = null,
) {
  const store = new MemoryWatcherStore();
  const told: { status: string; key: string; message: string }[] = [];
  const receiver = {
    broken: false,
    deliver({ alarm, clearedAt }: KeptAlarm): Promise<void> {
      if (this.broken) return Promise.reject(new Error("it is away"));
      told.push({ status: clearedAt === null ? "raised" : "cleared", key: alarmKey(alarm), message: alarm.message });
      return Promise.resolve();
    },
  };
  const clock = { time: 1_700_000_000_000, now: () => (clock.time += 1) };
  const eras = markers === null ? null : new EraWatch(markers, silentLogger, [1]);
  const ports = { chain, sources, store, receiver, eras, clock, logger: silentLogger };
  const start = () => new WatcherMachine({ ...SETTINGS, ...settings }, ports);
  return {
    store,
    told,
    receiver,
    /** A process that begins, looks at everything as often as it is told to, and ends. */
    async look(times = 1): Promise<Watched> {
      const machine = start();
      let state = machine.initial;
      for (let n = 0; n <= times; n++) state = await machine.step(state);
      if (state.name !== "WATCHING" || state.watched === undefined) throw new Error(`it is ${state.name}`);
      return state.watched;
    },
  };
}

/** The keys of the alarms that hold, sorted. */
export const keys = (watched: Watched): string[] => watched.alarms.map(({ alarm }) => alarmKey(alarm)).sort();

/** A chain that answers otherwise in some respect. */
export const changed = (chain: StewardChain, changes: Partial<StewardChain>): StewardChain =>
  new Proxy(chain, {
    get: (target, name) => {
      const own = (changes as Record<PropertyKey, unknown>)[name];
      if (own !== undefined) return own;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
