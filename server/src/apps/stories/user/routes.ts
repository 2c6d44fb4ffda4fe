import type { HttpServer } from '../../../platform/http/server.js';
import { callerOf } from '../../../platform/identity/caller.js';
import { presentProfile, presentUsage } from './presenter.js';
import { DeletedAnswer, ProfileAnswer, ProfileBody, UsageAnswer, UsageQuery } from './schemas.js';
import type { UserService } from './service.js';

const tags = ['stories: user'];

/** The caller's own account (contract §3.4). */
export function userRoutes(server: HttpServer, users: UserService): void {
  server.get(
    '/user/profile',
    { schema: { tags, summary: 'Who I am', response: { 200: ProfileAnswer } } },
    async (request) => ({ data: presentProfile(await users.profile(callerOf(request))) }),
  );

  server.patch(
    '/user/profile',
    {
      schema: {
        tags,
        summary: 'Change my name or language',
        body: ProfileBody,
        response: { 200: ProfileAnswer },
      },
    },
    async (request) => ({
      data: presentProfile(await users.update(callerOf(request), request.body)),
      message: 'Profile updated',
    }),
  );

  server.get(
    '/user/usage',
    {
      schema: {
        tags,
        summary: 'What I used and what the limits leave',
        querystring: UsageQuery,
        response: { 200: UsageAnswer },
      },
    },
    async (request) => ({
      data: presentUsage(await users.usage(callerOf(request).userId, request.query)),
    }),
  );

  server.delete(
    '/user/account',
    {
      schema: {
        tags,
        summary: 'Delete my account and everything in it',
        response: { 200: DeletedAnswer },
      },
    },
    async (request) => {
      await users.remove(callerOf(request).userId);
      return { data: { deleted: true as const }, message: 'Account deleted' };
    },
  );
}
