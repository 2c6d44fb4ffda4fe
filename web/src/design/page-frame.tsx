import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { IconButton } from './button.tsx';
import { Logo } from './logo.tsx';
import { chooseTheme, type Theme, useTheme } from './theme.ts';

const themes: Readonly<Record<Theme, { next: Theme; icon: 'auto' | 'sun' | 'moon'; words: string }>> = {
  system: { next: 'light', icon: 'auto', words: 'as the system' },
  light: { next: 'dark', icon: 'sun', words: 'light' },
  dark: { next: 'system', icon: 'moon', words: 'dark' },
};

export function ThemeToggle() {
  const theme = themes[useTheme()];
  return (
    <IconButton
      label={`Theme: ${theme.words}. Switch to ${themes[theme.next].words}`}
      icon={theme.icon}
      onClick={() => chooseTheme(theme.next)}
    />
  );
}

interface PageFrameProps {
  /** The browser tab's words. */
  readonly title: string;
  /** The app's name beside the server's. */
  readonly section?: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  readonly footer?: ReactNode;
}

/** Skip link, header, one `main`, footer: the frame of every page. */
export function PageFrame({ title, section, actions, children, footer }: PageFrameProps) {
  return (
    <>
      <title>{title}</title>
      <a
        href="#main"
        className="sr-only top-2 left-2 z-50 rounded-control bg-accent px-4 py-2.5 font-medium text-on-accent focus:not-sr-only focus:fixed focus:px-4 focus:py-2.5"
      >
        Skip to the content
      </a>
      <header className="mx-auto flex w-full max-w-6xl items-center gap-1 pt-[max(0.75rem,env(safe-area-inset-top))] pr-[max(0.75rem,env(safe-area-inset-right))] pb-3 pl-[max(1rem,env(safe-area-inset-left))] sm:px-6">
        <nav aria-label="Site" className="mr-auto flex min-w-0 items-center gap-2">
          <Link
            to="/"
            className="flex min-h-11 items-center gap-2.5 rounded-control pr-1 font-semibold tracking-tight"
          >
            <Logo className="size-7" />
            <span className={section ? 'max-sm:sr-only' : ''}>Earshot</span>
          </Link>
          {section ? (
            <>
              <span aria-hidden="true" className="text-edge">
                /
              </span>
              <span className="truncate text-muted">{section}</span>
            </>
          ) : null}
        </nav>
        {actions}
        <ThemeToggle />
      </header>
      <main
        id="main"
        tabIndex={-1}
        className="mx-auto w-full max-w-6xl pr-[max(1rem,env(safe-area-inset-right))] pl-[max(1rem,env(safe-area-inset-left))] outline-none sm:px-6"
      >
        {children}
      </main>
      {footer}
    </>
  );
}
