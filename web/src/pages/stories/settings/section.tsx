import { type ReactNode, useId } from 'react';
import { Card } from '../../../design/card.tsx';

/** One subject of the settings. */
export function Section({
  title,
  about,
  children,
}: {
  title: string;
  about?: ReactNode;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <Card className="flex flex-col gap-4 p-5 sm:p-6">
        <div className="flex flex-col gap-1">
          <h2 id={id} className="text-lg font-semibold tracking-tight">
            {title}
          </h2>
          {about ? <p className="text-sm text-muted">{about}</p> : null}
        </div>
        {children}
      </Card>
    </section>
  );
}
