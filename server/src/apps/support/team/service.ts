import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Clock } from '../../../platform/clock.js';
import type { Database, Transaction } from '../../../platform/database/database.js';
import type { Passwords } from '../../../platform/identity/passwords.js';
import { uuidV7 } from '../../../platform/ids.js';
import type { RateLimits } from '../../../platform/limits/rate-limits.js';
import type { OperatorCaller } from '../callers.js';
import { supportErrors } from '../errors.js';
import { newEmail, normaliseEmail } from '../operators/email.js';
import { type Registration, refuseWeak } from '../operators/registration.js';
import type { Accounts, OperatorSession } from '../operators/service.js';
import { createSignInLimits } from '../operators/sign-in-limits.js';
import type { Operator, OperatorStore } from '../operators/store.js';
import type { FanOut } from '../realtime/fan-out.js';
import type { OperatorRole } from '../tables.js';
import type { Invitation, InvitationStore } from './store.js';

/** Contract §19. */
const INVITATION_MS = 7 * 24 * 3_600_000;
const TOKEN_BYTES = 32;

type Given = string | null | undefined;

/** The people who answer for an app, and who may become one of them. */
export interface Team {
  list(
    caller: OperatorCaller,
  ): Promise<{ readonly members: readonly Operator[]; readonly invitations: readonly Invitation[] }>;
  /**
   * Invites by a link; an earlier open invitation to the same address ends.
   *
   * @returns the invitation and its token, which is told this once
   * @throws AppError 409 `USER_EXISTS`, 403 `FORBIDDEN` when somebody else than an owner invites an owner
   */
  invite(
    caller: OperatorCaller,
    email: string,
    role: OperatorRole,
  ): Promise<{ readonly invitation: Invitation; readonly token: string }>;
  withdraw(caller: OperatorCaller, invitationId: string): Promise<void>;
  /** @throws AppError 400 `INVALID_INVITATION` */
  accept(
    form: { readonly token?: Given; readonly email?: Given; readonly password?: Given },
    address: string,
  ): Promise<OperatorSession>;
  /**
   * Changes a member's role or shuts them out; both act at once, on open sockets too.
   *
   * @throws AppError 404 `MEMBER_NOT_FOUND`, 409 `LAST_OWNER`, 403 `FORBIDDEN` for what only owners may do
   */
  change(
    caller: OperatorCaller,
    memberId: string,
    change: { readonly role?: OperatorRole | undefined; readonly isActive?: boolean | undefined },
  ): Promise<Operator>;
  remove(caller: OperatorCaller, memberId: string): Promise<void>;
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

export function createTeam(parts: {
  readonly database: Database;
  readonly clock: Clock;
  readonly limits: RateLimits;
  readonly fanOut: FanOut;
  readonly passwords: Passwords;
  readonly accounts: Accounts;
  readonly registration: Registration;
  readonly operators: OperatorStore;
  readonly invitations: InvitationStore;
}): Team {
  const { database, clock, limits, fanOut, passwords, accounts, registration, operators, invitations } =
    parts;
  const attempts = createSignInLimits(limits, 'invitation');

  const member = async (tx: Transaction, appId: string, id: string): Promise<Operator> => {
    // Two owners who remove each other at the same moment must be judged one after the other.
    if (database.dialect === 'postgres') {
      await sql`select id from support_apps where id = ${appId} for update`.execute(tx);
    }
    const found = await operators.byId(id, tx);
    if (found?.app_id !== appId) throw supportErrors.memberNotFound();
    return found;
  };

  const keepAnOwner = async (tx: Transaction, leaving: Operator): Promise<void> => {
    if (leaving.role !== 'OWNER' || !leaving.is_active) return;
    const team = await operators.ofApp(leaving.app_id, tx);
    const others = team.filter(
      ({ id, role, is_active }) => role === 'OWNER' && is_active && id !== leaving.id,
    );
    if (others.length === 0) throw supportErrors.lastOwner();
  };

  const tellChanged = ({ app_id: appId, id: operatorId }: Operator): Promise<void> =>
    fanOut.tell({ type: 'operator-changed', appId, operatorId });

  return {
    list: async ({ appId }) => ({
      members: await operators.ofApp(appId),
      invitations: await invitations.open(appId, clock.now()),
    }),

    invite: async (caller, email, role) => {
      onlyOwnersTouch(caller, role);
      const address = newEmail(email);
      const token = randomBytes(TOKEN_BYTES).toString('base64url');
      const now = clock.now();
      const invitation: Invitation = {
        id: uuidV7(now),
        app_id: caller.appId,
        email: address,
        role,
        token_hash: hashOf(token),
        created_at: now,
        expires_at: now + INVITATION_MS,
        accepted_at: null,
      };
      await database.transaction(async (tx) => {
        if (await operators.byEmail(address, tx)) throw supportErrors.userExists();
        await invitations.withdraw(tx, caller.appId, { email: address });
        await invitations.insert(tx, invitation);
      });
      return { invitation, token };
    },

    withdraw: async ({ appId }, id) => {
      const withdrawn = await database.transaction((tx) => invitations.withdraw(tx, appId, { id }));
      if (!withdrawn) throw supportErrors.invitationNotFound();
    },

    accept: async ({ token, email, password }, address) => {
      if (!token || !email?.trim() || !password) {
        throw supportErrors.missingFields('The invitation, the e-mail and a password are required.');
      }
      refuseWeak(password);
      const account = normaliseEmail(email);
      await attempts.enter(account, address);
      const invitation = await invitations.byHash(hashOf(token));
      if (!invitation || invitation.email !== account) {
        await attempts.failed(account, address);
        throw supportErrors.invalidInvitation();
      }
      const passwordHash = await passwords.hash(password);
      const session = await accounts.openAccount(async (tx) => {
        if (!(await invitations.accept(tx, invitation.id, clock.now()))) {
          throw supportErrors.invalidInvitation();
        }
        const { app_id: appId, role } = invitation;
        const operator = await registration.operator(tx, { appId, email: account, passwordHash, role });
        return { operator, result: null };
      });
      await attempts.passed(account, address);
      return session;
    },

    change: async (caller, memberId, { role, isActive }) => {
      const changed = await database.transaction(async (tx) => {
        const former = await member(tx, caller.appId, memberId);
        onlyOwnersTouch(caller, former.role);
        if (role) onlyOwnersTouch(caller, role);
        if ((role && role !== 'OWNER') || isActive === false) await keepAnOwner(tx, former);
        const change = {
          ...(role ? { role } : {}),
          ...(isActive === undefined ? {} : { is_active: Number(isActive) }),
        };
        await operators.change(tx, memberId, change, clock.now());
        return { ...former, ...change };
      });
      await tellChanged(changed);
      return changed;
    },

    remove: async (caller, memberId) => {
      const removed = await database.transaction(async (tx) => {
        const former = await member(tx, caller.appId, memberId);
        onlyOwnersTouch(caller, former.role);
        await keepAnOwner(tx, former);
        await invitations.unassign(tx, caller.appId, memberId);
        await operators.remove(tx, memberId);
        return former;
      });
      await tellChanged(removed);
    },
  };
}

/** Nobody gives, changes or takes more rights than they have themselves. */
function onlyOwnersTouch(caller: OperatorCaller, role: OperatorRole): void {
  if (role === 'OWNER' && caller.role !== 'OWNER') {
    throw supportErrors.forbidden('Only an owner may do this.', {
      details: { missing_permissions: [], required_roles: ['OWNER'] },
    });
  }
}
