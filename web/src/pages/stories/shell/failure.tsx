import type { ReactNode } from 'react';
import { Banner } from '../../../design/banner.tsx';
import { Button } from '../../../design/button.tsx';
import { failureWords } from '../words.ts';

/** What went wrong, what to do about it, and a way to try again. */
export function Failure(props: {
  readonly error: unknown;
  readonly onRetry?: (() => void) | undefined;
  readonly actions?: ReactNode;
}) {
  const { message, hint } = failureWords(props.error);
  return (
    <Banner
      tone="danger"
      icon="warning"
      action={
        <>
          {props.onRetry ? (
            <Button icon="retry" onClick={props.onRetry}>
              Try again
            </Button>
          ) : null}
          {props.actions}
        </>
      }
    >
      <p className="font-medium">{message}</p>
      <p>{hint}</p>
    </Banner>
  );
}
