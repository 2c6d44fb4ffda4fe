import type { HttpServer } from './server.js';

export interface PreflightAnswers {
  /** 200 where a contract does not want 204. */
  readonly status: 200 | 204;
  /** How long browsers may keep the answer. */
  readonly seconds: number;
  readonly methods: readonly string[];
  /** Named to a browser that asks for none in particular; who asks for some hears those. */
  readonly headers: readonly string[];
}

/**
 * Answers browsers' preflights in a contract's own way for all routes that are added to the scope from now on, also where
 * nobody asks as a browser does. Which pages may call is the server's decision and stays it.
 */
export function answerPreflights(
  scope: HttpServer,
  { status, seconds, methods, headers }: PreflightAnswers,
): void {
  const answered = new Set<string>();
  scope.addHook('onRoute', ({ method, url }) => {
    if (method === 'OPTIONS' || answered.has(url)) return;
    answered.add(url);
    scope.options(
      url,
      {
        schema: { hide: true },
        config: {
          cors: {
            maxAge: seconds,
            methods: [...methods],
            optionsSuccessStatus: status,
            strictPreflight: false,
          },
        },
        onSend: async (_request, reply) => {
          if (!reply.hasHeader('access-control-allow-headers')) {
            reply.header('access-control-allow-headers', headers.join(', '));
          }
        },
      },
      (_request, reply) => reply.code(status).send(),
    );
  });
}
