import type { HttpServer } from '../../../platform/http/server.js';
import { isoInstant } from '../../../platform/http/timestamps.js';
import { operatorOf } from '../callers.js';
import type { OperatorRouteHooks } from '../operators/operator-hooks.js';
import { presentSession } from '../operators/presenter.js';
import { SessionAnswer } from '../operators/schemas.js';
import type { Operator } from '../operators/store.js';
import type { PublicAddress } from '../public-address.js';
import { bodyMayBeMissing } from '../route-body.js';
import { Success } from '../sdk-shapes.js';
import { isoOrNull } from '../wire.js';
import {
  AcceptBody,
  ChangeMemberBody,
  InviteAnswer,
  InviteBody,
  MemberAnswer,
  MemberParams,
  OperatorsAnswer,
  TeamAnswer,
} from './schemas.js';
import type { Team } from './service.js';
import type { Invitation } from './store.js';

const tags = ['support: team'];
const path = '/admin/settings/team';

const presentMember = (member: Operator) => ({
  id: member.id,
  email: member.email,
  role: member.role,
  is_active: member.is_active === 1,
  created_at: isoInstant(member.created_at),
  last_seen_at: isoOrNull(member.last_seen_at),
});

const presentInvitation = ({ id, email, role, expires_at }: Invitation) => ({
  id,
  email,
  role,
  expires_at: isoInstant(expires_at),
});

/** The team of an app (contract §19). */
export function teamRoutes(
  server: HttpServer,
  team: Team,
  hooks: OperatorRouteHooks,
  publicAddress: PublicAddress,
): void {
  server.get(
    path,
    {
      ...hooks.operator('view:settings'),
      schema: { tags, summary: 'Members and open invitations', response: { 200: TeamAnswer } },
    },
    async (request) => {
      const { members, invitations } = await team.list(operatorOf(request));
      return { members: members.map(presentMember), invitations: invitations.map(presentInvitation) };
    },
  );

  server.get(
    '/admin/api/operators',
    {
      ...hooks.operator('view:conversations'),
      schema: {
        tags,
        summary: 'Who is in the team',
        description: 'For naming who wrote a message and to whom a conversation is assigned.',
        response: { 200: OperatorsAnswer },
      },
    },
    async (request) => {
      const { members } = await team.list(operatorOf(request));
      return {
        operators: members.map(({ id, email, role, is_active }) => ({
          id,
          email,
          role,
          is_active: is_active === 1,
        })),
      };
    },
  );

  server.post(
    `${path}/invite`,
    {
      ...hooks.operator('manage:settings'),
      schema: { tags, summary: 'Invite by a link', body: InviteBody, response: { 201: InviteAnswer } },
    },
    async (request, reply) => {
      const { email, role = 'AGENT' } = request.body;
      const { invitation, token } = await team.invite(operatorOf(request), email, role);
      const url = `${publicAddress(request)}/admin?invite=${token}`;
      return reply.code(201).send({ invitation: presentInvitation(invitation), token, url });
    },
  );

  server.delete(
    `${path}/invitations/:id`,
    {
      ...hooks.operator('manage:settings'),
      schema: {
        tags,
        summary: 'Withdraw an invitation',
        params: MemberParams,
        response: { 200: Success },
      },
    },
    async (request) => {
      await team.withdraw(operatorOf(request), request.params.id);
      return { success: true as const };
    },
  );

  server.post(
    '/admin/auth/accept-invite',
    {
      preValidation: bodyMayBeMissing,
      schema: {
        tags,
        summary: 'Join a team by an invitation',
        body: AcceptBody,
        response: { 200: SessionAnswer },
      },
    },
    async (request) => presentSession(await team.accept(request.body, request.ip)),
  );

  server.patch(
    `${path}/:id`,
    {
      ...hooks.operator('manage:settings'),
      preValidation: bodyMayBeMissing,
      schema: {
        tags,
        summary: "Change a member's role, or shut them out",
        params: MemberParams,
        body: ChangeMemberBody,
        response: { 200: MemberAnswer },
      },
    },
    async (request) => {
      const { role, is_active: isActive } = request.body;
      const member = await team.change(operatorOf(request), request.params.id, {
        role: role ?? undefined,
        isActive: isActive ?? undefined,
      });
      return { member: presentMember(member) };
    },
  );

  server.delete(
    `${path}/:id`,
    {
      ...hooks.operator('manage:settings'),
      schema: {
        tags,
        summary: 'Remove a member',
        params: MemberParams,
        response: { 200: Success },
      },
    },
    async (request) => {
      await team.remove(operatorOf(request), request.params.id);
      return { success: true as const };
    },
  );
}
