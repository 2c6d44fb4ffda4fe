import { type ReactNode, useEffect, useRef } from 'react';

let isFirst = true;

interface HeadingProps {
  /** The words of the browser's tab. */
  readonly title: string;
  readonly children: ReactNode;
  readonly className?: string;
  readonly actions?: ReactNode;
}

/** The heading of a view. It takes the focus when the view opens, so that a screen reader says where one is. */
export function Heading({ title, children, className = '', actions }: HeadingProps) {
  const ref = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // The page itself was just opened; its reader begins at the top.
    if (isFirst) isFirst = false;
    else {
      scrollTo({ top: 0 });
      ref.current?.focus({ preventScroll: true });
    }
  }, []);
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-3 pt-4 pb-6">
      <title>{`${title} · Stories · Earshot`}</title>
      <h1
        ref={ref}
        tabIndex={-1}
        className={`min-w-0 font-serif text-3xl tracking-tight outline-none sm:text-4xl ${className}`}
      >
        {children}
      </h1>
      {actions}
    </div>
  );
}
