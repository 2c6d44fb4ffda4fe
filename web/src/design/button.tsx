import { Link, type LinkProps } from '@tanstack/react-router';
import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { Icon, type IconName } from './icon.tsx';

type Tone = 'primary' | 'quiet' | 'plain' | 'danger' | 'inverse';

const base =
  'inline-flex min-h-11 items-center justify-center gap-2 rounded-control font-medium select-none transition-[background-color,color,transform] duration-150 active:translate-y-px aria-disabled:active:translate-y-0';

const tones: Readonly<Record<Tone, string>> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-strong aria-disabled:bg-sunken aria-disabled:text-muted',
  quiet: 'border border-edge bg-surface text-ink hover:bg-hover aria-disabled:text-muted',
  plain: 'text-ink hover:bg-hover aria-disabled:text-muted',
  inverse: 'text-canvas hover:opacity-75 focus-visible:outline-canvas focus-visible:-outline-offset-4',
  danger: 'bg-danger text-surface hover:opacity-90 aria-disabled:opacity-60',
};

interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'disabled'> {
  readonly tone?: Tone;
  readonly icon?: IconName;
  /** Stays focusable and says why when it may not be used now. */
  readonly blocked?: string | false | undefined;
  readonly busy?: boolean;
  readonly ref?: Ref<HTMLButtonElement>;
}

/** A button with words. `blocked` keeps it in the tab order, with the reason as its description. */
export function Button(props: ButtonProps) {
  const { tone = 'quiet', icon, blocked, busy = false, className = '', children, onClick, ...rest } = props;
  const off = Boolean(blocked) || busy;
  return (
    <button
      type="button"
      {...rest}
      {...(off ? { 'aria-disabled': true } : {})}
      {...(blocked ? { title: blocked, 'aria-description': blocked } : {})}
      onClick={(event) => {
        if (off) event.preventDefault();
        else onClick?.(event);
      }}
      className={`${base} px-4 ${tones[tone]} ${className}`}
    >
      {busy ? <Spinner /> : icon ? <Icon name={icon} /> : null}
      {children}
    </button>
  );
}

interface IconButtonProps extends Omit<ButtonProps, 'children' | 'aria-label' | 'icon'> {
  readonly label: string;
  readonly icon: IconName;
}

/** A square button of one icon; `label` is its name and its tooltip. */
export function IconButton(props: IconButtonProps) {
  const { label, icon, tone = 'plain', className = '', blocked, busy = false, onClick, ...rest } = props;
  const off = Boolean(blocked) || busy;
  return (
    <button
      type="button"
      title={blocked || label}
      {...rest}
      aria-label={label}
      {...(off ? { 'aria-disabled': true } : {})}
      {...(blocked ? { 'aria-description': blocked } : {})}
      onClick={(event) => {
        if (off) event.preventDefault();
        else onClick?.(event);
      }}
      className={`${base} size-11 shrink-0 ${tones[tone]} ${className}`}
    >
      {busy ? <Spinner /> : <Icon name={icon} />}
    </button>
  );
}

/** A link to another page of this site that looks like a button. */
export function ButtonLink({
  tone = 'quiet',
  icon,
  children,
  className = '',
  ...link
}: LinkProps & { tone?: Tone; icon?: IconName; className?: string; children: ReactNode }) {
  return (
    <Link {...link} className={`${base} px-4 ${tones[tone]} ${className}`}>
      {children}
      {icon ? <Icon name={icon} /> : null}
    </Link>
  );
}

export function Spinner({ className = 'size-5' }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" className={`shrink-0 animate-spin ${className}`}>
      <circle cx="12" cy="12" r="8.5" fill="none" stroke="currentColor" strokeWidth="2.5" opacity="0.25" />
      <path
        d="M12 3.500a8.5 8.5 0 0 1 8.5 8.5"
        fill="none"
        stroke="currentColor"
        strokeWidth="2.5"
        strokeLinecap="round"
      />
    </svg>
  );
}
