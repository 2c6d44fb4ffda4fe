import { type ReactNode, useId } from 'react';
import { Card } from '../../../design/card.tsx';

export function Section({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <Card>
      <section aria-labelledby={id} className="flex flex-col gap-4 p-5 sm:p-6">
        <h2 id={id} className="text-lg font-semibold tracking-tight">
          {title}
        </h2>
        {children}
      </section>
    </Card>
  );
}
