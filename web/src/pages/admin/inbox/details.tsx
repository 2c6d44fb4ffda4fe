import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CopyButton } from '../../../design/copy-button.tsx';
import { sentence } from '../../../server/request.ts';
import { api, type WireConversation } from '../api.ts';
import { usePlace } from '../place.ts';
import { Avatar } from './avatar.tsx';
import { titleOf } from './conversations.ts';
import { useNow } from './use-now.ts';
import { contextRows, fullWords, shortAge } from './words.ts';

const personKeyOf = ({ user_id, device_id }: WireConversation): string =>
  user_id === null ? `device:${device_id}` : `user:${user_id}`;

function Rows({ rows }: { rows: readonly (readonly [string, string])[] }) {
  return (
    <dl className="flex flex-col gap-2.5">
      {rows.map(([name, value]) => (
        <div key={name} className="min-w-0">
          <dt className="text-xs text-muted">{name}</dt>
          <dd className="text-sm [overflow-wrap:anywhere]">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Everything known of the visitor of a conversation, for whoever answers. */
export function Details({ conversation }: { conversation: WireConversation }) {
  const { place } = usePlace();
  const now = useNow();
  const key = personKeyOf(conversation);
  const person = useQuery({
    queryKey: ['support', 'person', key],
    queryFn: ({ signal }) => api.person(key, signal),
    staleTime: 30_000,
  });
  const title = titleOf(conversation);
  const attributes = Object.entries(person.data?.user.attributes ?? {}).map(
    ([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)] as const,
  );
  const others = (person.data?.conversations ?? []).filter(({ id }) => id !== conversation.conversation_id);
  const context = contextRows(conversation.device_context);
  return (
    <div className="flex flex-col gap-6 p-5">
      <div className="flex items-center gap-3">
        <Avatar name={title} isOnline={conversation.is_online} className="size-12" />
        <div className="min-w-0">
          <p className="font-semibold [overflow-wrap:anywhere]">{title}</p>
          <p className="text-sm text-muted">
            {conversation.is_online
              ? 'Online now'
              : person.data?.user.last_seen_at
                ? `Last seen ${fullWords(person.data.user.last_seen_at)}`
                : 'Offline'}
          </p>
        </div>
      </div>
      {person.isError ? <p className="text-sm text-danger">{sentence(person.error)}</p> : null}
      {conversation.email ? (
        <div className="flex items-center gap-2">
          <a
            href={`mailto:${conversation.email}`}
            className="min-w-0 flex-1 truncate underline underline-offset-4"
          >
            {conversation.email}
          </a>
          <CopyButton text={conversation.email} what="the e-mail address" />
        </div>
      ) : null}
      <section aria-labelledby="about" className="flex flex-col gap-3">
        <h3 id="about" className="text-sm font-semibold">
          About
        </h3>
        <Rows
          rows={[
            ...(conversation.user_id ? [['User id', conversation.user_id] as const] : []),
            ['First seen', fullWords(person.data?.user.created_at ?? conversation.created_at)],
            ...attributes,
          ]}
        />
      </section>
      {context.length > 0 ? (
        <section aria-labelledby="device" className="flex flex-col gap-3">
          <h3 id="device" className="text-sm font-semibold">
            Device
          </h3>
          <Rows rows={context} />
        </section>
      ) : null}
      {others.length > 0 ? (
        <section aria-labelledby="others" className="flex flex-col gap-2">
          <h3 id="others" className="text-sm font-semibold">
            Other conversations
          </h3>
          <ul className="-mx-2">
            {others.map((other) => (
              <li key={other.id}>
                <Link
                  to="/admin"
                  search={{ ...place, view: 'inbox', id: other.id }}
                  className="flex min-h-11 items-center gap-2 rounded-control px-2 text-sm hover:bg-hover"
                >
                  <span className="min-w-0 flex-1 truncate">{other.last_message ?? 'No message yet'}</span>
                  <span className="text-xs text-muted">
                    {other.status === 'resolved' ? 'resolved · ' : ''}
                    {shortAge(Date.parse(other.updated_at), now)}
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
    </div>
  );
}
