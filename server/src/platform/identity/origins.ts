import { type Config, listOf } from '../../config.js';

/** What of a request says from which page a browser sends it. */
export interface OriginHeaders {
  readonly origin?: string | undefined;
  readonly host?: string | undefined;
  readonly 'sec-fetch-site'?: string | string[] | undefined;
}

/** Decides from which pages a browser may use cookies. */
export interface TrustedOrigins {
  /**
   * False for a browser on a page that is neither this server's own nor in ALLOWED_ORIGINS. Native apps, which send no
   * `Origin`, are trusted: no page can make them send anything.
   */
  trusts(headers: OriginHeaders): boolean;
}

export function createTrustedOrigins(config: Config): TrustedOrigins {
  const allowed = new Set(listOf(config.ALLOWED_ORIGINS).map((origin) => origin.toLowerCase()));
  if (config.PUBLIC_URL && URL.canParse(config.PUBLIC_URL)) allowed.add(new URL(config.PUBLIC_URL).origin);
  // A page in development is served by a tool on another port of the same machine.
  const isDeveloping = config.NODE_ENV !== 'production';
  return {
    trusts: ({ origin, host, 'sec-fetch-site': site }) => {
      if (origin === undefined) return site !== 'cross-site';
      if (allowed.has(origin.toLowerCase())) return true;
      if (!URL.canParse(origin)) return false; // "null" among others: a sandboxed page
      const page = new URL(origin);
      return page.host === host?.toLowerCase() || (isDeveloping && LOOPBACK.test(page.hostname));
    },
  };
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
