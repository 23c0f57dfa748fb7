/** What the on-chain providers ask of a chain; each takes only the methods that it calls. Amounts are wei or token units. */
export interface ChainGateway {
  nativeBalance(account: string): Promise<bigint>;
  tokenBalance(token: string, account: string): Promise<bigint>;
  /** Sent by the account: its nonce. */
  transactionCount(account: string): Promise<number>;
  /** Seconds since the epoch; null when it never sent one. */
  firstTransactionAt(account: string): Promise<number | null>;
  /** Paid for its transactions, in wei. */
  gasSpent(account: string): Promise<bigint>;
  /** Ids of the tokens that the account holds of an ERC-721 collection. */
  ownedTokens(collection: string, account: string): Promise<readonly bigint[]>;
  /** The account's primary name, checked to resolve back to it; null when it has none. */
  primaryName(account: string): Promise<string | null>;
  /** Votes that the account cast itself at a governor. */
  votesCast(governor: string, account: string): Promise<number>;
}

/** What providers ask of the web. */
export interface HttpClient {
  request(request: HttpRequest): Promise<{ readonly status: number; readonly body: string }>;
}

export interface HttpRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}
