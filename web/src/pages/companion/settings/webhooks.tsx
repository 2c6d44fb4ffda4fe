import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Button } from '../../../design/button.tsx';
import { Field } from '../../../design/field.tsx';
import { notify } from '../../../design/toast.tsx';
import { sentence } from '../../../server/request.ts';
import { Failed, Waiting } from '../notes/standing.tsx';
import { send, type WebhookType, webhooks } from '../server.ts';
import { Section } from './section.tsx';

const labels: Readonly<Record<WebhookType, string>> = {
  memory_created: 'When a conversation has been summarised',
  realtime_transcript: 'While words are heard',
  day_summary: 'In the evening, with the day’s summary',
};

/** Addresses of the user's own servers that are told what happens. */
export function Webhooks() {
  const asked = useQuery(webhooks);
  return (
    <Section title="Tell your own server">
      <p className="text-muted">Public addresses only; leave a field empty to switch it off.</p>
      {asked.error ? (
        <Failed error={asked.error} retry={() => void asked.refetch()} />
      ) : !asked.data ? (
        <Waiting words="Fetching …" />
      ) : (
        asked.data.map(({ type, url, isOn }) => <Webhook key={type} type={type} url={isOn ? url : ''} />)
      )}
    </Section>
  );
}

function Webhook({ type, url }: { type: WebhookType; url: string }) {
  const queries = useQueryClient();
  const [problem, setProblem] = useState<string | undefined>();
  const save = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const address = String(new FormData(event.currentTarget).get('url') ?? '').trim();
    if (address && !/^https?:\/\/\S+$/.test(address)) return setProblem('An address begins with https://');
    setProblem(undefined);
    try {
      await send('POST', `/v1/users/developer/webhook/${type}`, { url: address });
      await send('POST', `/v1/users/developer/webhook/${type}/${address ? 'enable' : 'disable'}`);
      await queries.invalidateQueries({ queryKey: webhooks.queryKey });
      notify(address ? 'Saved.' : 'Switched off.');
    } catch (error) {
      setProblem(sentence(error));
    }
  };
  return (
    <form noValidate onSubmit={(event) => void save(event)} className="flex items-end gap-3">
      <div className="min-w-0 flex-1">
        <Field
          label={labels[type]}
          name="url"
          type="url"
          inputMode="url"
          defaultValue={url}
          placeholder="https://"
          autoComplete="off"
          error={problem}
        />
      </div>
      <Button type="submit">Save</Button>
    </form>
  );
}
