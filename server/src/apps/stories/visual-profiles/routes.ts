import { Type } from 'typebox';
import type { HttpServer } from '../../../platform/http/server.js';
import { callerOf } from '../../../platform/identity/caller.js';
import { nullsAreAbsent } from '../both-prefixes.js';
import { Data } from '../envelopes.js';
import { IdParams } from '../wire-fields.js';
import { presentVisualProfile } from './presenter.js';
import { VisualProfile, VisualProfileBody } from './schemas.js';
import type { VisualProfileService } from './service.js';

const tags = ['stories: heroes'];
const path = '/heroes/:id/visual-profile';

/** How a hero looks (contract §3.1). */
export function visualProfileRoutes(server: HttpServer, profiles: VisualProfileService): void {
  server.get(
    path,
    {
      schema: {
        tags,
        summary: "A hero's visual profile",
        params: IdParams,
        response: { 200: Data(VisualProfile) },
      },
    },
    async (request) => ({
      data: presentVisualProfile(await profiles.get(callerOf(request).userId, request.params.id)),
    }),
  );

  server.post(
    path,
    {
      preValidation: nullsAreAbsent,
      schema: {
        tags,
        summary: 'Describe a hero',
        params: IdParams,
        body: VisualProfileBody,
        response: { 201: Data(VisualProfile) },
      },
    },
    async (request, reply) => {
      const { userId } = callerOf(request);
      const { id } = request.params;
      const { profile } = await profiles.create(userId, id, request.body, request.newRowId);
      return reply.code(201).send({ data: presentVisualProfile(profile) });
    },
  );

  server.patch(
    path,
    {
      schema: {
        tags,
        summary: 'Change the description of a hero',
        params: IdParams,
        body: VisualProfileBody,
        response: { 200: Data(VisualProfile) },
      },
    },
    async (request) => {
      const { profile } = await profiles.update(callerOf(request).userId, request.params.id, request.body);
      return { data: presentVisualProfile(profile) };
    },
  );

  server.delete(
    path,
    {
      schema: {
        tags,
        summary: 'Forget the description of a hero',
        params: IdParams,
        response: { 200: Data(Type.Object({ heroId: Type.String() })) },
      },
    },
    async (request) => {
      await profiles.remove(callerOf(request).userId, request.params.id);
      return { data: { heroId: request.params.id }, message: 'Visual profile deleted' };
    },
  );
}
