import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { promisify } from 'node:util';

/** Somebody asked this server to call an address that only its own network can reach. */
export class PrivateAddress extends Error {
  override readonly name = 'PrivateAddress';

  constructor(host: string) {
    super(`${host} is, or leads to, an address that is not on the public internet.`);
  }
}

/** The receiver did not answer in time, broke off, or could not be reached. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** IANA's special-purpose registries for IPv4, and Azure's metadata address, which looks public. */
const NOT_PUBLIC_IPV4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];
/** The one block from which public IPv6 addresses are given out … */
const PUBLIC_IPV6: readonly [string, number] = ['2000::', 3];
/** … and what in it is special: protocol assignments with Teredo, documentation, and 6to4, which carries IPv4. */
const NOT_PUBLIC_IPV6: readonly (readonly [string, number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

const notPublic = new BlockList();
for (const [network, prefix] of NOT_PUBLIC_IPV4) notPublic.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of NOT_PUBLIC_IPV6) notPublic.addSubnet(network, prefix, 'ipv6');
const publicIpv6 = new BlockList();
publicIpv6.addSubnet(...PUBLIC_IPV6, 'ipv6');

/**
 * Whether an IP address is one that anybody on the internet could call. Private, loopback, link-local, multicast,
 * documentation and metadata addresses are not, nor is IPv4 wrapped in IPv6.
 */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !notPublic.check(address, 'ipv4');
  if (family === 6) return publicIpv6.check(address, 'ipv6') && !notPublic.check(address, 'ipv6');
  return false;
}

export interface OutgoingRequest {
  readonly url: URL;
  readonly method: 'POST' | 'GET';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** For everything: the name, the connection, the answer. */
  readonly timeoutMs: number;
  /** More of the answer than this is not read. */
  readonly maxResponseBytes: number;
  readonly signal?: AbortSignal;
}

export interface OutgoingAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** At most `maxResponseBytes` of it. */
  readonly body: Buffer;
}

/** Calls addresses that users named. */
export interface PublicHttp {
  /**
   * For the moment when somebody enters the address. A name that cannot be resolved now passes: it is looked at again
   * whenever it is called.
   *
   * @throws PrivateAddress
   */
  check(url: URL): Promise<void>;
  /**
   * Redirects are not followed. Any status is an answer.
   *
   * @throws PrivateAddress when the host has an address that is not public
   * @throws NoAnswer
   */
  send(request: OutgoingRequest): Promise<OutgoingAnswer>;
}

export interface PublicHttpOptions {
  /** Which addresses may be called; only public ones unless given. */
  readonly isAllowed?: (address: string) => boolean;
  /** All addresses of a host name. */
  readonly resolve?: (host: string) => Promise<readonly LookupAddress[]>;
}

const lookupAll = promisify(systemLookup);

/**
 * An HTTP client for addresses that users named. The connection is made to the very addresses that were checked, so that a
 * name which changes its mind between check and call gains nothing.
 */
export function createPublicHttp(options: PublicHttpOptions = {}): PublicHttp {
  const { isAllowed = isPublicAddress, resolve = (host) => lookupAll(host, { all: true }) } = options;

  const checkedAddresses = async (host: string): Promise<readonly LookupAddress[]> => {
    const addresses = await resolve(host);
    if (addresses.length === 0) throw new NoAnswer(`${host} has no address.`);
    if (!addresses.every(({ address }) => isAllowed(address))) throw new PrivateAddress(host);
    return addresses;
  };

  const lookup: LookupFunction = (host, { all }, callback) => {
    checkedAddresses(host).then(
      (addresses) => {
        const [first] = addresses;
        if (all || !first) callback(null, [...addresses]);
        else callback(null, first.address, first.family);
      },
      (error: Error) => callback(error, ''),
    );
  };

  /** The system asks nobody about a host that is an address already, so it is checked here. */
  const checkLiteral = (url: URL): boolean => {
    const host = hostOf(url);
    if (isIP(host) === 0) return false;
    if (!isAllowed(host)) throw new PrivateAddress(host);
    return true;
  };

  return {
    check: async (url) => {
      if (checkLiteral(url)) return;
      try {
        await checkedAddresses(hostOf(url));
      } catch (error) {
        if (error instanceof PrivateAddress) throw error;
      }
    },
    send: async (request) => {
      checkLiteral(request.url);
      const deadline = AbortSignal.timeout(request.timeoutMs);
      const signal = request.signal ? AbortSignal.any([request.signal, deadline]) : deadline;
      try {
        return await exchange(request, lookup, signal);
      } catch (error) {
        const isExplained = error instanceof PrivateAddress || error instanceof NoAnswer;
        if (isExplained || request.signal?.aborted) throw error;
        if (deadline.aborted)
          throw new NoAnswer(`No answer within ${request.timeoutMs} ms.`, { cause: error });
        throw new NoAnswer(`No answer (${codeOf(error)}).`, { cause: error });
      }
    },
  };
}

function exchange(
  { url, method, headers, body, maxResponseBytes }: OutgoingRequest,
  lookup: LookupFunction,
  signal: AbortSignal,
): Promise<OutgoingAnswer> {
  return new Promise((resolve, reject) => {
    const request = url.protocol === 'https:' ? requestHttps : requestHttp;
    const outgoing = request(
      url,
      { method, lookup, signal, agent: false, headers: { ...headers, ...lengthOf(body) } },
      (answer) => {
        const chunks: Buffer[] = [];
        let size = 0;
        const conclude = () =>
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            body: Buffer.concat(chunks).subarray(0, maxResponseBytes),
          });
        answer.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          size += chunk.length;
          if (size < maxResponseBytes) return;
          conclude();
          outgoing.destroy();
        });
        answer.on('end', conclude);
        answer.on('error', reject);
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

const lengthOf = (body: string | Uint8Array | undefined): Record<string, string> =>
  body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };

/** Without the brackets of an IPv6 address. */
const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'failed';
