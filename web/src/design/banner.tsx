import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';

interface BannerProps {
  readonly tone: 'amber' | 'danger' | 'calm';
  readonly icon: IconName;
  readonly children: ReactNode;
  readonly action?: ReactNode;
}

const tones = {
  amber: 'bg-amber-soft text-amber',
  danger: 'bg-danger-soft text-danger',
  calm: 'bg-accent-soft text-ink',
} as const;

/** A sentence about the whole page; announced politely when it appears. */
export function Banner({ tone, icon, children, action }: BannerProps) {
  return (
    <div
      role={tone === 'danger' ? 'alert' : 'status'}
      className={`flex animate-rise flex-wrap items-center gap-x-3 gap-y-1 rounded-control px-4 py-3 ${tones[tone]}`}
    >
      <Icon name={icon} />
      <div className="min-w-48 flex-1">{children}</div>
      {action}
    </div>
  );
}
