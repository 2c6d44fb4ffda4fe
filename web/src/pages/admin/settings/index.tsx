import { Link } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import { type Section, usePlace } from '../place.ts';
import { manages, type Operator } from '../session.ts';
import { AppSection } from './app.tsx';
import { KeysSection } from './keys.tsx';
import { ProfileSection } from './profile.tsx';
import { RepliesSection } from './replies.tsx';
import { TeamSection } from './team.tsx';
import { WebhooksSection } from './webhooks.tsx';

export interface SectionProps {
  readonly operator: Operator;
}

const all: readonly {
  readonly section: Section;
  readonly label: string;
  readonly forManagers: boolean;
  readonly component: ComponentType<SectionProps>;
}[] = [
  { section: 'profile', label: 'Profile', forManagers: false, component: ProfileSection },
  { section: 'replies', label: 'Canned replies', forManagers: false, component: RepliesSection },
  { section: 'team', label: 'Team', forManagers: true, component: TeamSection },
  { section: 'keys', label: 'API keys', forManagers: true, component: KeysSection },
  { section: 'webhooks', label: 'Webhooks', forManagers: true, component: WebhooksSection },
  { section: 'app', label: 'App and data', forManagers: true, component: AppSection },
];

/** On a phone the row of sections scrolls sideways. */
const showInRow = (link: HTMLAnchorElement | null): void =>
  link?.scrollIntoView({ block: 'nearest', inline: 'center' });

/** Everything a team decides; what a role may not decide is not shown to it. */
export default function Settings({ operator }: SectionProps) {
  const { place } = usePlace();
  const allowed = all.filter(({ forManagers }) => !forManagers || manages(operator));
  const current = allowed.find(({ section }) => section === place.section) ?? allowed[0];
  if (!current) return null;
  const Current = current.component;
  return (
    <div className="mx-auto flex w-full max-w-5xl flex-col gap-6 px-4 py-6 sm:px-8 sm:py-10">
      <h1 className="text-2xl font-semibold tracking-tight">Settings</h1>
      <div className="grid gap-6 lg:grid-cols-[12rem_minmax(0,1fr)] lg:gap-10">
        <nav
          aria-label="Settings"
          className="-mx-4 flex gap-1 overflow-x-auto px-4 lg:mx-0 lg:flex-col lg:self-start lg:px-0"
        >
          {allowed.map(({ section, label }) => (
            <Link
              key={section}
              to="/admin"
              search={{ view: 'settings', section }}
              activeOptions={{ exact: true, includeSearch: true }}
              ref={section === current.section ? showInRow : undefined}
              aria-current={section === current.section ? 'page' : undefined}
              className={`flex min-h-11 shrink-0 items-center rounded-control px-3 font-medium -outline-offset-2 ${
                section === current.section
                  ? 'bg-accent-soft text-accent'
                  : 'text-muted hover:bg-hover hover:text-ink'
              }`}
            >
              {label}
            </Link>
          ))}
        </nav>
        <Current operator={operator} />
      </div>
    </div>
  );
}
