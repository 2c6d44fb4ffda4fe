import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Button, IconButton } from '../../../design/button.tsx';
import { Dialog } from '../../../design/dialog.tsx';
import { Field, Select } from '../../../design/field.tsx';
import { api, type Member } from '../api.ts';
import { useNow } from '../inbox/use-now.ts';
import { dateWords, shortAge } from '../inbox/words.ts';
import type { Operator, Role } from '../session.ts';
import type { SectionProps } from './index.tsx';
import { Confirm, Loaded, Rows, Section } from './section.tsx';
import { ShownOnce } from './shown-once.tsx';
import { useAction } from './use-action.ts';

const key = ['support', 'team'];
const roles: readonly { readonly value: Role; readonly label: string }[] = [
  { value: 'AGENT', label: 'Agent' },
  { value: 'ADMIN', label: 'Administrator' },
  { value: 'OWNER', label: 'Owner' },
];

/** Whom somebody may make what: only owners make owners. */
const rolesFor = ({ role }: Operator) => roles.filter(({ value }) => role === 'OWNER' || value !== 'OWNER');

export function TeamSection({ operator }: SectionProps) {
  const team = useQuery({ queryKey: key, queryFn: ({ signal }) => api.team(signal) });
  const [inviting, setInviting] = useState(false);
  const [link, setLink] = useState<string | null>(null);
  const [leaving, setLeaving] = useState<Member | null>(null);
  const { busy, run } = useAction(key);

  const invite = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const email = String(form.get('email') ?? '').trim();
    const made = await run(() => api.invite(email, String(form.get('role')) as Role));
    if (!made) return;
    setInviting(false);
    setLink(made.url);
  };

  return (
    <Section
      title="Team"
      under="Agents read and answer. Administrators also assign, resolve and manage. Owners can do everything."
      action={
        <Button tone="primary" icon="plus" onClick={() => setInviting(true)}>
          Invite
        </Button>
      }
    >
      <Loaded query={team}>
        {({ members, invitations }) => (
          <>
            <Rows label="Members">
              {members.map((member) => (
                <MemberRow
                  key={member.id}
                  member={member}
                  operator={operator}
                  onRemove={() => setLeaving(member)}
                />
              ))}
            </Rows>
            {invitations.length > 0 ? (
              <>
                <h3 className="font-semibold">Open invitations</h3>
                <Rows label="Open invitations">
                  {invitations.map((invitation) => (
                    <li key={invitation.id} className="flex items-center gap-3 px-4 py-2">
                      <div className="min-w-0 flex-1">
                        <p className="truncate font-medium">{invitation.email}</p>
                        <p className="text-sm text-muted">
                          {roles.find(({ value }) => value === invitation.role)?.label}, until{' '}
                          {dateWords(invitation.expires_at)}
                        </p>
                      </div>
                      <Button
                        busy={busy}
                        onClick={() =>
                          void run(
                            () => api.withdrawInvitation(invitation.id),
                            'The invitation is withdrawn.',
                          )
                        }
                      >
                        Withdraw
                      </Button>
                    </li>
                  ))}
                </Rows>
              </>
            ) : null}
          </>
        )}
      </Loaded>
      <Dialog open={inviting} title="Invite a teammate" onClose={() => setInviting(false)}>
        <form onSubmit={(event) => void invite(event)} className="flex flex-col gap-4">
          <Field label="E-mail" name="email" type="email" required autoCapitalize="none" data-first />
          <Select label="Role" name="role" choices={rolesFor(operator)} defaultValue="AGENT" />
          <p className="text-sm text-muted">You get a link to hand on; this server sends no e-mail.</p>
          <Button type="submit" tone="primary" busy={busy} className="self-end">
            Make the link
          </Button>
        </form>
      </Dialog>
      <ShownOnce
        title="The invitation"
        name="link"
        value={link}
        warning="The link is shown this once. It works for seven days, and for this e-mail address only."
        onClose={() => setLink(null)}
      />
      <Confirm
        open={leaving !== null}
        title={`Remove ${leaving?.email ?? ''}?`}
        action="Remove"
        busy={busy}
        onClose={() => setLeaving(null)}
        onConfirm={() => {
          const id = leaving?.id ?? '';
          void run(() => api.removeMember(id), 'Removed from the team.').then(() => setLeaving(null));
        }}
      >
        Their account ends at once, on every device. What they wrote stays.
      </Confirm>
    </Section>
  );
}

function MemberRow({
  member,
  operator,
  onRemove,
}: {
  readonly member: Member;
  readonly operator: Operator;
  readonly onRemove: () => void;
}) {
  const { busy, run } = useAction(key);
  const now = useNow();
  const isSelf = member.id === operator.id;
  // Owners are changed by owners only; nobody changes themselves by accident.
  const mayChange = !isSelf && (member.role !== 'OWNER' || operator.role === 'OWNER');
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-48">
        <p className={`truncate font-medium ${member.is_active ? '' : 'text-muted line-through'}`}>
          {member.email}
          {isSelf ? <span className="font-normal text-muted"> (you)</span> : null}
        </p>
        <p className="text-sm text-muted">
          {member.is_active ? '' : 'Disabled · '}
          {member.last_seen_at ? `seen ${seenWords(member.last_seen_at, now)}` : 'never seen'}
        </p>
      </div>
      {mayChange ? (
        <>
          <select
            aria-label={`Role of ${member.email}`}
            value={member.role}
            onChange={(event) => {
              const role = event.currentTarget.value as Role;
              void run(() => api.changeMember(member.id, { role }), 'The role is changed.');
            }}
            className="min-h-11 rounded-control border border-edge bg-surface px-2"
          >
            {rolesFor(operator).map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
          <Button
            busy={busy}
            onClick={() =>
              void run(
                () => api.changeMember(member.id, { is_active: !member.is_active }),
                member.is_active ? 'Disabled.' : 'Enabled.',
              )
            }
          >
            {member.is_active ? 'Disable' : 'Enable'}
          </Button>
          <IconButton label={`Remove ${member.email}`} icon="trash" onClick={onRemove} />
        </>
      ) : (
        <span className="text-muted">{roles.find(({ value }) => value === member.role)?.label}</span>
      )}
    </li>
  );
}

function seenWords(at: string, now: number): string {
  const age = shortAge(Date.parse(at), now);
  return /min|h$/.test(age) ? `${age} ago` : age === 'now' ? 'just now' : age;
}
