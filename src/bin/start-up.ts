import type { AddressInfo, Server } from "node:net";

type Closer = () => unknown;

/**
 * Opens a service piece by piece: each piece says how it is closed, and the last one opened is closed first, when the service
 * stops or as soon as it cannot be started.
 */
export async function startUp<Service extends object>(
  open: (onClose: (closer: Closer) => void) => Promise<Service>,
): Promise<Service & { close(): Promise<void> }> {
  const closers: Closer[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    return { ...(await open((closer) => void closers.push(closer))), close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Listening {
  readonly server: Pick<Server, "address">;
  listen(at: { readonly host: string; readonly port: number }): Promise<unknown>;
}

/** Takes requests from now on; gives the URL. Port 0 takes any that is free. */
export async function listen(app: Listening, { host, port }: { host: string; port: number }): Promise<string> {
  await app.listen({ host, port });
  const bound = (app.server.address() as AddressInfo).port;
  return `http://${host.includes(":") ? `[${host}]` : host}:${bound}`;
}
