/** What came back, as bytes on the wire would show it. */
export interface RawAnswer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** Sends a request as it is given: no signature is added. */
export async function rawRequest(
  url: string,
  { method = "POST", path = "/v1/claims", headers = {}, body = "" }: RawRequest = {},
): Promise<RawAnswer> {
  const hasBody = method !== "GET" && method !== "HEAD" && body !== "";
  const answer = await fetch(url + path, { method, headers, ...(hasBody ? { body } : {}) });
  return { status: answer.status, type: answer.headers.get("content-type") ?? "", text: await answer.text() };
}

export interface RawRequest {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}
