/** Earshot's palette (web/src/design/theme.css) in the small: the embedding page's own styles never reach in here. */
export const styles = `
:host { all: initial; color-scheme: light dark; }
:host([data-theme="light"]) { color-scheme: light; }
:host([data-theme="dark"]) { color-scheme: dark; }
.chat {
  --accent: light-dark(oklch(0.43 0.085 161), oklch(0.86 0.11 146));
  --on-accent: light-dark(oklch(0.985 0.015 140), oklch(0.22 0.045 162));
  --surface: light-dark(oklch(0.995 0.002 150), oklch(0.228 0.016 165));
  --sunken: light-dark(oklch(0.946 0.009 150), oklch(0.29 0.018 165));
  --line: light-dark(oklch(0.885 0.012 150), oklch(0.34 0.018 165));
  --edge: light-dark(oklch(0.62 0.02 155), oklch(0.56 0.02 160));
  --ink: light-dark(oklch(0.24 0.025 165), oklch(0.95 0.01 150));
  --muted: light-dark(oklch(0.46 0.022 160), oklch(0.76 0.02 155));
  --danger: light-dark(oklch(0.48 0.17 27), oklch(0.79 0.12 25));
  --amber: light-dark(oklch(0.48 0.1 65), oklch(0.85 0.11 80));
  --amber-soft: light-dark(oklch(0.945 0.045 85), oklch(0.31 0.045 75));
  position: fixed; z-index: 2147483000; inset-block-end: max(1.25rem, env(safe-area-inset-bottom));
  inset-inline-end: max(1.25rem, env(safe-area-inset-right));
  font: 400 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif;
  color: var(--ink); text-align: start; -webkit-font-smoothing: antialiased;
}
.chat.left { inset-inline: max(1.25rem, env(safe-area-inset-left)) auto; }
*, ::before, ::after { box-sizing: border-box; }
button, textarea { font: inherit; color: inherit; margin: 0; }
button { cursor: pointer; border: 0; background: none; padding: 0; -webkit-tap-highlight-color: transparent; }
:focus-visible { outline: 2.5px solid var(--accent); outline-offset: 2px; }
svg { display: block; fill: none; stroke: currentColor; stroke-width: 1.75; stroke-linecap: round; stroke-linejoin: round; }
[hidden] { display: none !important; }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.launcher {
  display: grid; place-items: center; width: 3.5rem; height: 3.5rem; margin-inline-start: auto; border-radius: 1.25rem;
  background: var(--accent); color: var(--on-accent); box-shadow: 0 1px 2px rgb(0 0 0 / .12), 0 10px 30px -10px rgb(0 0 0 / .4);
  transition: transform 160ms ease, border-radius 160ms ease; position: relative;
}
.left .launcher { margin-inline: 0 auto; }
.launcher:hover { transform: translateY(-2px); }
.launcher svg { width: 1.75rem; height: 1.75rem; }
.badge {
  position: absolute; top: -.4rem; inset-inline-end: -.4rem; min-width: 1.5rem; padding: 0 .4rem; border-radius: 1rem;
  background: oklch(0.5 0.19 27); color: #fff; font-size: .8125rem; font-weight: 650; line-height: 1.5rem; text-align: center;
}
.panel {
  display: flex; flex-direction: column; width: min(24rem, calc(100vw - 2.5rem)); height: min(38rem, calc(100dvh - 7rem));
  margin-block-end: .875rem; overflow: hidden; border: 1px solid var(--line); border-radius: 1.25rem; background: var(--surface);
  box-shadow: 0 2px 4px rgb(0 0 0 / .05), 0 24px 60px -20px rgb(0 0 0 / .4); animation: rise 200ms cubic-bezier(.22,.8,.3,1);
}
@keyframes rise { from { opacity: 0; transform: translateY(10px) scale(.985); } }
header { display: flex; align-items: center; gap: .75rem; padding: .75rem .5rem .75rem 1.125rem; border-block-end: 1px solid var(--line); }
header div { flex: 1; min-width: 0; }
h2 { margin: 0; font-size: 1.0625rem; font-weight: 650; letter-spacing: -.01em; line-height: 1.35; overflow-wrap: anywhere; }
.state { margin: 0; font-size: .8125rem; color: var(--muted); line-height: 1.4; }
.icon { display: grid; place-items: center; width: 2.75rem; height: 2.75rem; border-radius: .625rem; flex: none; }
.icon:hover { background: var(--sunken); }
.icon svg { width: 1.375rem; height: 1.375rem; }
.notice { margin: 0; padding: .5rem 1.125rem; background: var(--amber-soft); color: var(--amber); font-size: .875rem; }
.log { flex: 1; overflow-y: auto; overscroll-behavior: contain; padding: 1.125rem; display: flex; flex-direction: column; gap: .25rem; }
.log > :first-child { margin-block-start: auto; }
.greeting { margin: 0 0 .75rem; color: var(--muted); }
.day { align-self: center; margin: .75rem 0 .5rem; font-size: .75rem; color: var(--muted); }
.row { display: flex; flex-direction: column; align-items: flex-start; }
.row.mine { align-items: flex-end; }
.bubble {
  max-width: 85%; padding: .5rem .875rem; border-radius: 1.125rem; border-end-start-radius: .375rem; background: var(--sunken);
  white-space: pre-wrap; overflow-wrap: anywhere;
}
.mine .bubble { background: var(--accent); color: var(--on-accent); border-radius: 1.125rem; border-end-end-radius: .375rem; }
.system .bubble { background: none; color: var(--muted); font-size: .875rem; padding-inline: 0; }
.waiting .bubble { opacity: .7; }
.bubble a { color: inherit; text-decoration: underline; text-underline-offset: 2px; }
.meta { display: flex; align-items: center; gap: .3rem; margin: .125rem .25rem .5rem; font-size: .75rem; color: var(--muted); }
.meta svg { width: 1rem; height: 1rem; }
.meta .read { color: var(--accent); }
.failed { color: var(--danger); text-decoration: underline; min-height: 1.75rem; }
.typing { display: flex; gap: .25rem; padding: .875rem; border-radius: 1.125rem; background: var(--sunken); align-self: flex-start; }
.typing i { width: .45rem; height: .45rem; border-radius: 50%; background: var(--muted); animation: dot 1.2s infinite ease-in-out; }
.typing i:nth-child(2) { animation-delay: 150ms; } .typing i:nth-child(3) { animation-delay: 300ms; }
@keyframes dot { 0%, 60%, 100% { opacity: .3; transform: none; } 30% { opacity: 1; transform: translateY(-3px); } }
form { display: flex; align-items: flex-end; gap: .5rem; margin: 0; padding: .75rem; border-block-start: 1px solid var(--line); }
textarea {
  flex: 1; min-width: 0; min-height: 2.75rem; max-height: 9rem; resize: none; padding: .55rem .875rem; border: 1px solid var(--edge);
  border-radius: .875rem; background: var(--surface); field-sizing: content;
}
textarea::placeholder { color: var(--muted); opacity: 1; }
.send { display: grid; place-items: center; width: 2.75rem; height: 2.75rem; border-radius: .875rem; background: var(--accent); color: var(--on-accent); flex: none; }
.send[aria-disabled="true"] { background: var(--sunken); color: var(--muted); cursor: default; }
.send svg { width: 1.375rem; height: 1.375rem; }
.count { font-size: .75rem; color: var(--muted); padding: 0 1rem .5rem; margin: 0; text-align: end; }
@media (max-width: 30rem) {
  .chat.open { inset: 0; }
  .chat.open .launcher { display: none; }
  .panel { width: 100%; height: 100dvh; margin: 0; border: 0; border-radius: 0; padding-block: env(safe-area-inset-top) env(safe-area-inset-bottom); }
}
@media (prefers-reduced-motion: reduce) { *, ::before, ::after { animation-duration: .01ms !important; animation-iteration-count: 1 !important; transition: none !important; } }
@media print { .chat { display: none; } }
`;
