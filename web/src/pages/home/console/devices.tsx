import { useQuery } from '@tanstack/react-query';
import { Button, IconButton } from '../../../design/button.tsx';
import { Icon } from '../../../design/icon.tsx';
import { sendAsAccount } from '../../../server/account.ts';
import { Asked, Row, Section } from './section.tsx';
import { type Session, sessions } from './server.ts';
import { useChange } from './use-change.ts';
import { deviceWords, instantWords } from './words.ts';

/** Where the account is signed in, and how to end that. */
export function Devices({ signOut }: { signOut: (everywhere: boolean) => Promise<void> }) {
  const asked = useQuery(sessions);
  const { busy, change } = useChange(sessions.queryKey);
  const others = asked.data?.filter(({ current }) => !current).length ?? 0;
  return (
    <Section
      id="devices"
      title="Signed in on"
      about="One sign-in opens every app. What you end here ends at once."
    >
      <Asked query={asked} what="your devices">
        {(list) => (
          <ul className="rounded-card border border-line bg-surface px-4">
            {list.map((session) => (
              <Device
                key={session.id}
                session={session}
                isBusy={busy === session.id}
                end={() =>
                  void change(
                    session.id,
                    () => sendAsAccount('POST', '/api/auth/revoke-session', { id: session.id }),
                    'Signed out there.',
                  )
                }
              />
            ))}
          </ul>
        )}
      </Asked>
      <div className="flex flex-wrap gap-3">
        <Button icon="exit" onClick={() => void signOut(false)}>
          Sign out here
        </Button>
        {others > 0 ? (
          <Button tone="plain" onClick={() => void signOut(true)}>
            Sign out everywhere
          </Button>
        ) : null}
      </div>
    </Section>
  );
}

function Device({ session, isBusy, end }: { session: Session; isBusy: boolean; end: () => void }) {
  const name = deviceWords(session.userAgent);
  return (
    <Row
      icon={<Icon name="person" />}
      title={name}
      detail={
        session.current
          ? 'This browser'
          : `${session.ipAddress ? `${session.ipAddress} · ` : ''}since ${instantWords(session.createdAt)}`
      }
      action={
        session.current ? null : (
          <IconButton label={`Sign out ${name}`} icon="close" busy={isBusy} onClick={end} />
        )
      }
    />
  );
}
