// Aggregators and signers over a fake chain, stepped by hand: time passes when a test says so, and a process ends by being dropped.
import { Agenda } from "../../../src/nodes/protocol/agenda.js";
import { AggregatorMachine, type AggregatorState } from "../../../src/nodes/aggregator/machine.js";
import type { AggregatorStore, CertificateFollower } from "../../../src/nodes/aggregator/ports.js";
import type { SignedStore } from "../../../src/nodes/signer/ports.js";
import type { EraMarker, EraSource } from "../../../src/nodes/eras/era.js";
import { EraWatch } from "../../../src/nodes/eras/era-watch.js";
import { SignatureReceiver } from "../../../src/nodes/aggregator/receive-signature.js";
import { EpochViews } from "../../../src/nodes/protocol/epoch-views.js";
import { NodeError } from "../../../src/nodes/protocol/errors.js";
import type { Block } from "../../../src/nodes/protocol/chain.js";
import type { ComputedScores } from "../../../src/nodes/protocol/compose-message.js";
import type { OfferedSnapshot, ScoreView } from "../../../src/nodes/protocol/score-view.js";
import {
  signatureFromJson,
  signatureToJson,
  type SignatureMessage,
} from "../../../src/nodes/protocol/signature-message.js";
import type { SignaturePublisher } from "../../../src/nodes/protocol/transport.js";
import { SignerMachine, type SealingDelay, type SignerState } from "../../../src/nodes/signer/machine.js";
import { silentLogger } from "../../../src/shared/logger.js";
import { FakeChain, named } from "./fake-chain.js";
import { MemoryAggregatorStore, MemoryKeyStore, MemorySignedStore } from "./memory-stores.js";

const AGENDA = { confirmations: 2n, step: 10n };
/** Small enough for a test to draw in no time; five honest stewards of five are a quorum, and four are too. */
export const TOY = { k: 30n, m: 100n, phiF: 0.65 };
const SOFTWARE = { protocolVersion: "1.0.0", software: "1.0.0" };

/** What every honest node computes from the log at a block; `lie` makes it a dishonest one. */
export class FakeScores implements ScoreView {
  readonly #lie: string;

  constructor(lie = "") {
    this.#lie = lie;
  }

  offered(epoch: bigint, block: Block): Promise<OfferedSnapshot | undefined> {
    const point = { epoch, block: block.number, chunk: block.number / 10n };
    return Promise.resolve({ point, digest: named(`digest ${block.number}`) });
  }

  compute({ point, digest }: OfferedSnapshot): Promise<ComputedScores> {
    const scoresRoot = named(`scores ${point.block}${this.#lie}`);
    return Promise.resolve({ scoresRoot, snapshotDigest: digest, snapshotBlock: point.block });
  }
}

/** What governance announced and activated; a test writes it. */
export class FakeEras implements EraSource {
  list: EraMarker[] = [{ name: "first", protocolVersion: 1, epoch: 1n }];

  markers(): Promise<readonly EraMarker[]> {
    return Promise.resolve(this.list);
  }

  announce(name: string, protocolVersion: number): void {
    this.list.push({ name, protocolVersion, epoch: undefined });
  }

  activate(name: string, epoch: bigint): void {
    this.list = this.list.map((marker) => (marker.name === name ? { ...marker, epoch } : marker));
  }
}

type Receiver = Pick<AggregatorNode<AggregatorStore>, "name" | "receive">;

export class AggregatorNode<Store extends AggregatorStore = MemoryAggregatorStore> {
  readonly name: string;
  store: Store;
  now = 1_700_000_000_000;
  follower: CertificateFollower | null = null;
  eras: EraWatch | null = null;
  state: AggregatorState;
  #machine: AggregatorMachine;
  readonly #chain: FakeChain;
  #views: EpochViews;

  constructor(name: string, chain: FakeChain, store: Store) {
    this.name = name;
    this.store = store;
    this.#chain = chain;
    this.#views = new EpochViews(chain, { now: () => this.now });
    this.#machine = this.#start();
    this.state = this.#machine.initial;
  }

  async step(): Promise<string> {
    this.state = await this.#machine.step(this.state);
    return this.state.name;
  }

  /** Ends the process and begins another one: only the store survives. */
  restart(): void {
    this.#views = new EpochViews(this.#chain, { now: () => this.now }, this.eras);
    this.#machine = this.#start();
    this.state = this.#machine.initial;
  }

  /** Ends the process and begins one that follows the eras with the rules of these versions. */
  upgrade(eras: EraSource, ...versions: number[]): void {
    this.eras = new EraWatch(eras, silentLogger, versions);
    this.restart();
  }

  /** What a transport delivers: over the wire's own form, verified like by any receiver. */
  async receive(document: unknown): Promise<"taken" | "late"> {
    const receiver = new SignatureReceiver(
      { maxMessages: 100 },
      {
        views: this.#views,
        epoch: async () => (await this.#chain.clock()).epoch,
        store: this.store,
        clock: { now: () => this.now },
        logger: silentLogger,
      },
    );
    try {
      await receiver.receive(signatureFromJson(document));
      return "taken";
    } catch (error) {
      if (error instanceof NodeError && error.code === "nodes/message-closed") return "late";
      throw error;
    }
  }

  #start(): AggregatorMachine {
    return new AggregatorMachine({
      chain: this.#chain,
      agenda: new Agenda(AGENDA, { chain: this.#chain, scores: new FakeScores(), logger: silentLogger }),
      store: this.store,
      transactions: this.#chain.account(`0x${"aa".repeat(20)}`),
      sender: this.#chain.sender(),
      views: this.#views,
      follower: this.follower,
      retainedEpochs: 4n,
      eras: this.eras,
      clock: { now: () => this.now },
      logger: silentLogger,
      protocolVersion: SOFTWARE.protocolVersion,
    });
  }
}

export class SignerNode {
  readonly account: string;
  readonly keys: MemoryKeyStore;
  signed: SignedStore = new MemorySignedStore();
  /** Of a clock that stands still until a test moves it. */
  now = 1_700_000_000_000;
  sealing: SealingDelay | null = null;
  eras: EraWatch | null = null;
  state: SignerState;
  /** What it sent, in the order of sending. */
  readonly sent: SignatureMessage[] = [];
  readonly #chain: FakeChain;
  readonly #aggregators: readonly Receiver[];
  readonly #scores: ScoreView;
  readonly #unreachable = new Set<string>();
  #machine: SignerMachine;

  constructor(
    number: number,
    chain: FakeChain,
    aggregators: readonly Receiver[],
    scores: ScoreView = new FakeScores(),
  ) {
    this.account = `0x${(number + 1).toString(16).padStart(40, "0")}`;
    this.keys = new MemoryKeyStore(number + 1);
    this.#chain = chain;
    this.#aggregators = aggregators;
    this.#scores = scores;
    this.#machine = this.#start();
    this.state = this.#machine.initial;
  }

  async step(): Promise<string> {
    this.state = await this.#machine.step(this.state);
    return this.state.name;
  }

  restart(): void {
    this.#machine = this.#start();
    this.state = this.#machine.initial;
  }

  /** As an aggregator's. */
  upgrade(eras: EraSource, ...versions: number[]): void {
    this.eras = new EraWatch(eras, silentLogger, versions);
    this.restart();
  }

  cutFrom(aggregator: Receiver): void {
    this.#unreachable.add(aggregator.name);
  }

  reconnect(aggregator: Receiver): void {
    this.#unreachable.delete(aggregator.name);
  }

  #start(): SignerMachine {
    const { logger, software } = { logger: silentLogger, ...SOFTWARE };
    return new SignerMachine({
      chain: this.#chain,
      views: new EpochViews(this.#chain, { now: () => this.now }, this.eras),
      eras: this.eras,
      sealing: this.sealing,
      clock: { now: () => this.now },
      transactions: this.#chain.account(this.account),
      agenda: new Agenda(AGENDA, { chain: this.#chain, scores: this.#scores, logger }),
      keys: this.keys,
      signed: this.signed,
      publishers: this.#aggregators.map((aggregator) => this.#publisher(aggregator)),
      logger,
      software,
    });
  }

  #publisher(aggregator: Receiver): SignaturePublisher {
    return {
      name: aggregator.name,
      publish: (signature) => {
        if (this.#unreachable.has(aggregator.name)) return Promise.reject(new Error("unreachable"));
        this.sent.push(signature);
        return aggregator.receive(JSON.parse(JSON.stringify(signatureToJson(signature))));
      },
      close: () => Promise.resolve(),
    };
  }
}

/** Five stewards of unequal votes and an aggregator, at the beginning of epoch 1. */
export function network({ signers = 5, aggregators = 1, liar = -1 } = {}) {
  const chain = new FakeChain(TOY);
  const nodes = Array.from(
    { length: aggregators },
    (_, n) => new AggregatorNode(`aggregator ${n}`, chain, new MemoryAggregatorStore()),
  );
  const stewards = Array.from(
    { length: signers },
    (_, n) => new SignerNode(n, chain, nodes, new FakeScores(n === liar ? " but not mine" : "")),
  );
  stewards.forEach(({ account }, n) => chain.stakes.set(account, 1_000n + BigInt(n) * 100n));
  return { chain, aggregators: nodes, signers: stewards };
}

/** Steps every node `times` times, signers first. */
export async function stepAll(nodes: readonly { step(): Promise<string> }[], times = 4): Promise<void> {
  for (let n = 0; n < times; n++) for (const node of nodes) await node.step();
}
