import type { ReactNode } from 'react';

/** A raised sheet. */
export function Card({ children, className = '' }: { children: ReactNode; className?: string }) {
  return (
    <div className={`rounded-card border border-line bg-surface shadow-raised ${className}`}>{children}</div>
  );
}
