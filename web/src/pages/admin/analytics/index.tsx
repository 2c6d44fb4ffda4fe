import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Button, Spinner } from '../../../design/button.tsx';
import { Card } from '../../../design/card.tsx';
import { EmptyState } from '../../../design/empty-state.tsx';
import { Select } from '../../../design/field.tsx';
import { sentence } from '../../../server/request.ts';
import { api, type Period, type TopEvents } from '../api.ts';
import { Chart } from './chart.tsx';
import { dayOf, daysOf, durationWords, lastDays } from './days.ts';

const spans = [
  { value: '7', label: 'Last 7 days' },
  { value: '30', label: 'Last 30 days' },
  { value: '90', label: 'Last 90 days' },
] as const;

/** A period must be the same object until it is chosen anew, or every render would ask again. */
function usePeriod() {
  const [span, setSpan] = useState('30');
  const [period, setPeriod] = useState(() => lastDays(30, Date.now()));
  return {
    span,
    period,
    choose: (next: string) => {
      setSpan(next);
      setPeriod(lastDays(Number(next), Date.now()));
    },
  };
}

const options = { placeholderData: keepPreviousData, staleTime: 60_000 };

/** What customers did, how much was written, and how long they waited. */
export default function Analytics() {
  const { span, period, choose } = usePeriod();
  const days = daysOf(period);
  const stats = useQuery({
    queryKey: ['support', 'stats'],
    queryFn: ({ signal }) => api.stats(signal),
    refetchInterval: 30_000,
  });
  const volumes = useQuery({
    queryKey: ['support', 'volumes', period],
    queryFn: ({ signal }) => api.messageVolumes(period, signal),
    ...options,
  });
  const times = useQuery({
    queryKey: ['support', 'times', period],
    queryFn: ({ signal }) => api.responseTimes(period, signal),
    ...options,
  });

  if (volumes.isError && times.isError) {
    return (
      <EmptyState
        title="The figures could not be loaded"
        action={
          <Button
            icon="retry"
            onClick={() => {
              void volumes.refetch();
              void times.refetch();
            }}
          >
            Try again
          </Button>
        }
      >
        {sentence(volumes.error)}
      </EmptyState>
    );
  }

  const byDay = new Map((volumes.data?.timeline ?? []).map((row) => [dayOf(row.timestamp), row]));
  const waits = new Map((times.data?.timeline ?? []).map((row) => [dayOf(row.timestamp), row.medianSeconds]));
  const received = days.map((day) => byDay.get(day)?.received ?? 0);
  const sent = days.map((day) => byDay.get(day)?.sent ?? 0);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const median = times.data?.medianSeconds ?? null;

  return (
    <div className="mx-auto flex w-full max-w-5xl flex-col gap-6 px-4 py-6 sm:px-8 sm:py-10">
      <div className="flex flex-wrap items-end justify-between gap-4">
        <h1 className="text-2xl font-semibold tracking-tight">Analytics</h1>
        <div className="w-44">
          <Select
            label="Period"
            choices={spans}
            value={span}
            onChange={(event) => choose(event.currentTarget.value)}
          />
        </div>
      </div>
      <dl className="grid grid-cols-2 gap-3 lg:grid-cols-4">
        <Figure name="Open conversations" value={stats.data?.open_conversations.toLocaleString()} />
        <Figure name="Visitors online" value={stats.data?.online_conversations.toLocaleString()} />
        <Figure name="Messages" value={volumes.data && (sum(received) + sum(sent)).toLocaleString()} />
        <Figure
          name="Median first response"
          value={times.data && (median === null ? '–' : durationWords(median))}
          {...(times.data && times.data.waiting > 0
            ? {
                note: `${times.data.waiting} ${times.data.waiting === 1 ? 'visitor waits' : 'visitors wait'} for an answer`,
              }
            : {})}
        />
      </dl>
      <Panel isPending={volumes.isPending}>
        <Chart
          title="Messages per day"
          days={days}
          empty="No message was written in this period."
          series={[
            { name: 'From visitors', fill: 'fill-accent', dot: 'bg-accent', values: received },
            { name: 'From the team', fill: 'fill-amber', dot: 'bg-amber', values: sent },
          ]}
        />
      </Panel>
      <Panel isPending={times.isPending}>
        <Chart
          title="Median first response per day"
          days={days}
          empty="No conversation was answered in this period."
          words={durationWords}
          series={[
            {
              name: 'Median',
              fill: 'fill-accent',
              dot: 'bg-accent',
              values: days.map((day) => waits.get(day) ?? null),
            },
          ]}
        />
      </Panel>
      <Events period={period} days={days} />
      <p className="text-sm text-muted">Days are counted in UTC.</p>
    </div>
  );
}

function Figure({ name, value, note }: { name: string; value: string | undefined; note?: string }) {
  return (
    <div className="rounded-card border border-line bg-surface p-4">
      <dt className="text-sm text-muted">{name}</dt>
      <dd className="text-2xl font-semibold tracking-tight tabular-nums">{value ?? '…'}</dd>
      {note ? <dd className="text-xs text-amber">{note}</dd> : null}
    </div>
  );
}

function Panel({ isPending, children }: { isPending: boolean; children: ReactNode }) {
  return (
    <Card className="p-5 sm:p-6">
      {isPending ? (
        <p role="status" className="flex h-52 items-center justify-center gap-3 text-muted">
          <Spinner />
          Counting
        </p>
      ) : (
        children
      )}
    </Card>
  );
}

function Events({ period, days }: { period: Period; days: readonly string[] }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const top = useQuery({
    queryKey: ['support', 'top-events', period],
    queryFn: ({ signal }) => api.topEvents(period, signal),
    ...options,
  });
  const name = top.data?.find(({ eventName }) => eventName === chosen)?.eventName ?? top.data?.[0]?.eventName;
  const timeline = useQuery({
    queryKey: ['support', 'event-timeline', name, period],
    queryFn: ({ signal }) => api.eventTimeline(name ?? '', period, signal),
    enabled: name !== undefined,
    ...options,
  });
  const byDay = new Map((timeline.data ?? []).map((row) => [dayOf(row.timestamp), row.count]));
  return (
    <Panel isPending={top.isPending}>
      {name === undefined ? (
        <>
          <h2 className="font-semibold">Events</h2>
          <EmptyState title="No event was tracked in this period">
            Events come from your app, through the SDK’s <code>trackEvent</code> or the chat bubble’s{' '}
            <code>EarshotChat.track(name, properties)</code>.
          </EmptyState>
        </>
      ) : (
        <div className="grid gap-8 lg:grid-cols-[minmax(0,1fr)_16rem]">
          <Chart
            title={`“${name}” per day`}
            days={days}
            empty="This event was not tracked in this period."
            series={[
              {
                name: 'Events',
                fill: 'fill-accent',
                dot: 'bg-accent',
                values: days.map((day) => byDay.get(day) ?? 0),
              },
            ]}
          />
          <TopList events={top.data ?? []} current={name} onChoose={setChosen} />
        </div>
      )}
    </Panel>
  );
}

function TopList(props: {
  readonly events: TopEvents;
  readonly current: string;
  readonly onChoose: (name: string) => void;
}) {
  const most = props.events[0]?.count ?? 1;
  return (
    <section aria-labelledby="top-events" className="flex flex-col gap-2">
      <h2 id="top-events" className="font-semibold">
        Top events
      </h2>
      <ul className="flex flex-col">
        {props.events.map(({ eventName, count }) => (
          <li key={eventName}>
            <button
              type="button"
              aria-pressed={eventName === props.current}
              onClick={() => props.onChoose(eventName)}
              className={`flex w-full flex-col gap-1 rounded-control px-2 py-1.5 text-left text-sm hover:bg-hover ${
                eventName === props.current ? 'bg-accent-soft' : ''
              }`}
            >
              <span className="flex w-full justify-between gap-3">
                <span className="min-w-0 truncate">{eventName}</span>
                <span className="tabular-nums">{count.toLocaleString()}</span>
              </span>
              <span aria-hidden="true" className="block h-1 w-full rounded-full bg-line">
                <span
                  className="block h-full rounded-full bg-accent"
                  style={{ width: `${Math.max(2, (count / most) * 100)}%` }}
                />
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
