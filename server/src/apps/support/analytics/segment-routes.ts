import type { Clock } from '../../../platform/clock.js';
import type { HttpServer } from '../../../platform/http/server.js';
import { operatorOf } from '../callers.js';
import type { OperatorRouteHooks } from '../operators/operator-hooks.js';
import { bodyMayBeMissing } from '../route-body.js';
import { csv } from './csv.js';
import { describeSegment } from './describe-segment.js';
import { parseSegment } from './parse-segment.js';
import { CsvAnswer, EvaluateAnswer, PreviewAnswer, PreviewBody, SegmentBody } from './schemas.js';
import type { createSegmentQueries } from './segment-queries.js';

const tags = ['support: analytics'];
const path = '/admin/analytics/segments';
const DEFAULT_PREVIEW = 10;

/** Who did what: segments of the users whose events were tracked (contract §11.7). */
export function segmentRoutes(
  server: HttpServer,
  parts: { readonly segments: ReturnType<typeof createSegmentQueries>; readonly clock: Clock },
  hooks: OperatorRouteHooks,
): void {
  const { segments, clock } = parts;
  const options = () => ({ ...hooks.operator('view:analytics'), preValidation: bodyMayBeMissing });

  server.post(
    `${path}/evaluate`,
    {
      ...options(),
      schema: { tags, summary: 'Who is in a segment', body: SegmentBody, response: { 200: EvaluateAnswer } },
    },
    async (request) => {
      const query = parseSegment(request.body.query);
      const userIds = await segments.userIds(operatorOf(request).appId, query, clock.now());
      return { userIds: [...userIds], count: userIds.length, description: describeSegment(query) };
    },
  );

  server.post(
    `${path}/preview`,
    {
      ...options(),
      schema: {
        tags,
        summary: 'A few of those in a segment',
        body: PreviewBody,
        response: { 200: PreviewAnswer },
      },
    },
    async (request) => {
      const query = parseSegment(request.body.query);
      const limit = request.body.limit ?? DEFAULT_PREVIEW;
      const users = await segments.preview(operatorOf(request).appId, query, clock.now(), limit);
      return { users: [...users], description: describeSegment(query) };
    },
  );

  server.post(
    `${path}/export`,
    {
      ...options(),
      schema: {
        tags,
        summary: 'Those in a segment as a file',
        body: SegmentBody,
        produces: ['text/csv'],
        response: { 200: CsvAnswer },
      },
    },
    async (request, reply) => {
      const query = parseSegment(request.body.query);
      const rows = await segments.export(operatorOf(request).appId, query, clock.now());
      return reply
        .header('content-type', 'text/csv; charset=utf-8')
        .header('content-disposition', 'attachment; filename="segment-export.csv"')
        .serializer(String)
        .send(
          csv(
            ['user_id', 'plan', 'country', 'platform'],
            rows.map(({ userId, plan, country, platform }) => [userId, plan, country, platform]),
          ),
        );
    },
  );
}
