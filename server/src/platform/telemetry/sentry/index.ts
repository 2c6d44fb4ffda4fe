import * as sentry from '@sentry/node';
import type { ErrorReporter } from '../error-reporter.js';
import { withoutSecrets } from '../log.js';

/** Reports unexpected errors to Sentry: type, message and stack only, never requests, bodies or users. */
export function sentryReporter(dsn: string, release: string): ErrorReporter {
  sentry.init({
    dsn,
    release,
    defaultIntegrations: false,
    tracesSampleRate: 0,
    beforeSend: (event) => {
      for (const exception of event.exception?.values ?? []) {
        if (exception.value) exception.value = withoutSecrets(exception.value);
      }
      return event;
    },
  });
  return {
    report: (error, context) => {
      sentry.captureException(error, { tags: { ...context } });
    },
    close: async () => {
      await sentry.close(2_000);
    },
  };
}
