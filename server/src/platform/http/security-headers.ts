import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import helmet from 'helmet';

/**
 * The headers by which browsers protect our pages, as Helmet makes them. They are the same for every answer, so they
 * are made once: making them anew took a fifth of the time of a small answer.
 *
 * @param options.overTls tells browsers to come by HTTPS only
 */
export function securityHeaders(options: { readonly overTls: boolean }): Readonly<Record<string, string>> {
  const protect = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        mediaSrc: ["'self'", 'blob:'],
        connectSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    strictTransportSecurity: options.overTls,
  });
  const request = new IncomingMessage(new Socket());
  const answer = new ServerResponse(request);
  protect(request, answer, (error) => {
    if (error) throw error;
  });
  return {
    ...Object.fromEntries(Object.entries(answer.getHeaders()).map(([name, value]) => [name, String(value)])),
    // Helmet has no opinion on this one: frames of others are to hear nobody.
    'permissions-policy': 'microphone=(self)',
  };
}
