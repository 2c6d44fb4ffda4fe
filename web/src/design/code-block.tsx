/** Code that is to be copied; it scrolls sideways, also by keyboard. */
export function CodeBlock({ label, code }: { label: string; code: string }) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      className="overflow-x-auto rounded-control bg-sunken p-4"
    >
      <pre className="font-mono text-sm">{code}</pre>
    </section>
  );
}
