import type { ServerInfo } from '../../server/info.ts';

const kinds = [
  { kind: 'speech', words: 'Voices' },
  { kind: 'transcription', words: 'Listening' },
  { kind: 'text', words: 'Writing' },
  { kind: 'image', words: 'Pictures' },
] as const;

function describe(engine: string | null): { state: string; detail: string } {
  if (engine === null) return { state: 'Off', detail: 'Comes with the app that needs it' };
  if (engine === 'builtin') return { state: 'Built in', detail: 'Works offline, no key' };
  if (engine === 'openai')
    return { state: 'Upstream', detail: 'OpenAI-compatible, uses the key of each person' };
  if (engine === 'sherpa') return { state: 'Local model', detail: 'Works offline, no key' };
  return { state: engine, detail: 'Chosen by this server’s owner' };
}

/** Which engines do the work, in plain words. */
export function Engines({ info }: { info: ServerInfo }) {
  const days = Math.round((info.retentionHours / 24) * 10) / 10;
  return (
    <section aria-labelledby="engines">
      <h2 id="engines" className="text-xl font-semibold tracking-tight">
        What does the work
      </h2>
      <dl className="mt-4 border-t border-line">
        {kinds.map(({ kind, words }) => {
          const { state, detail } = describe(info.engines[kind].engine);
          const off = info.engines[kind].engine === null;
          return (
            <div key={kind} className="flex flex-wrap items-baseline gap-x-4 border-b border-line py-3">
              <dt className="w-24 font-medium">{words}</dt>
              <dd className="flex min-w-48 flex-1 flex-wrap items-baseline gap-x-3">
                <span className={off ? 'text-muted' : ''}>{state}</span>
                <span className="text-sm text-muted">{detail}</span>
              </dd>
            </div>
          );
        })}
      </dl>
      <p className="mt-4 text-sm text-muted">
        Audio is kept for {info.retentionHours < 48 ? `${info.retentionHours} hours` : `${days} days`}, then
        erased.
        {info.nodes === 'many'
          ? ' This server runs on several nodes.'
          : ' Everything is stored on this one machine.'}
      </p>
    </section>
  );
}
