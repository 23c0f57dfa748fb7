// GitHub's two ways to an access token. The device flow needs no secret and no redirect: the holder types a code into a page. The
// web flow redirects, and is bound to the browser that began it by `state` and PKCE.
import { encodeBase64, sha256, toUtf8Bytes } from "ethers";

import { DomainError } from "../../../shared/errors.js";
import type { HttpClient } from "../ports.js";

export interface GithubApp {
  /** `https://github.com`, or another host of the same interface. */
  readonly baseUrl: string;
  readonly apiUrl: string;
  readonly clientId: string;
  /** Of the web flow. */
  readonly clientSecret?: string;
}

/** Posts a form and reads JSON; an answer that is none is an error of theirs, without the body, which may hold a token. */
async function post(
  http: HttpClient,
  url: string,
  form: Readonly<Record<string, string>>,
): Promise<Record<string, unknown>> {
  const { status, body } = await http.request({
    method: "POST",
    url,
    headers: { accept: "application/json", "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(form).toString(),
  });
  try {
    if (status === 200) return JSON.parse(body) as Record<string, unknown>;
  } catch {
    // Falls through: the answer is not JSON.
  }
  throw new DomainError("passport/github-unavailable", `GitHub answered ${status}`, { status });
}

function text(value: unknown, what: string): string {
  if (typeof value === "string" && value !== "") return value;
  throw new DomainError("passport/github-unavailable", `GitHub's answer has no ${what}`);
}

const seconds = (value: unknown, otherwise: number) => (Number.isSafeInteger(value) ? (value as number) : otherwise);

export interface DeviceCode {
  readonly deviceCode: string;
  /** What the holder types. */
  readonly userCode: string;
  readonly verificationUri: string;
  /** Seconds. */
  readonly expiresIn: number;
  readonly interval: number;
}

export async function beginDeviceFlow(http: HttpClient, app: GithubApp): Promise<DeviceCode> {
  // No scope: the public profile is enough.
  const answer = await post(http, `${app.baseUrl}/login/device/code`, { client_id: app.clientId, scope: "" });
  return {
    deviceCode: text(answer.device_code, "device code"),
    userCode: text(answer.user_code, "user code"),
    verificationUri: text(answer.verification_uri, "address"),
    expiresIn: seconds(answer.expires_in, 900),
    interval: seconds(answer.interval, 5),
  };
}

export type DevicePoll =
  | { readonly status: "granted"; readonly token: string }
  /** Ask again after `interval` seconds. */
  | { readonly status: "pending"; readonly interval: number }
  | { readonly status: "denied" | "expired" };

/** One poll; the caller waits. */
export async function pollDeviceFlow(http: HttpClient, app: GithubApp, device: DeviceCode): Promise<DevicePoll> {
  const answer = await post(http, `${app.baseUrl}/login/oauth/access_token`, {
    client_id: app.clientId,
    device_code: device.deviceCode,
    grant_type: "urn:ietf:params:oauth:grant-type:device_code",
  });
  switch (answer.error) {
    case undefined:
      return { status: "granted", token: text(answer.access_token, "token") };
    case "authorization_pending":
      return { status: "pending", interval: device.interval };
    case "slow_down":
      return { status: "pending", interval: seconds(answer.interval, device.interval + 5) };
    case "access_denied":
      return { status: "denied" };
    case "expired_token":
      return { status: "expired" };
    default:
      throw new DomainError("passport/github-refused", `GitHub refuses: ${text(answer.error, "reason")}`);
  }
}

export interface WebFlow {
  /** Where to send the browser. */
  readonly url: string;
  readonly state: string;
  readonly verifier: string;
}

/** `random` gives that many fresh random bytes. Keep `state` and `verifier` with the browser's session. */
export function beginWebFlow(app: GithubApp, redirectUri: string, random: (size: number) => Uint8Array): WebFlow {
  const [state, verifier] = [base64Url(random(32)), base64Url(random(32))];
  const url = new URL(`${app.baseUrl}/login/oauth/authorize`);
  const challenge = base64Url(sha256(toUtf8Bytes(verifier)));
  const query = { client_id: app.clientId, redirect_uri: redirectUri, state, code_challenge: challenge };
  url.search = new URLSearchParams({ ...query, code_challenge_method: "S256", scope: "" }).toString();
  return { url: url.toString(), state, verifier };
}

const base64Url = (bytes: Uint8Array | string) =>
  encodeBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

/** Exchanges the code that the browser brought back; a `state` of another session throws `passport/github-refused`. */
export async function finishWebFlow(
  http: HttpClient,
  app: GithubApp,
  flow: WebFlow,
  returned: { readonly code: string; readonly state: string },
): Promise<string> {
  if (returned.state !== flow.state)
    throw new DomainError("passport/github-refused", "the answer belongs to another session");
  const secret = app.clientSecret === undefined ? {} : { client_secret: app.clientSecret };
  const form = { client_id: app.clientId, ...secret, code: returned.code, code_verifier: flow.verifier };
  const answer = await post(http, `${app.baseUrl}/login/oauth/access_token`, form);
  if (answer.error !== undefined) {
    throw new DomainError("passport/github-refused", `GitHub refuses: ${text(answer.error, "reason")}`);
  }
  return text(answer.access_token, "token");
}
