import type { HttpServer } from '../../../platform/http/server.js';
import { isoInstant } from '../../../platform/http/timestamps.js';
import { operatorOf } from '../callers.js';
import type { KeyManagement } from '../keys/management.js';
import type { OperatorRouteHooks } from '../operators/operator-hooks.js';
import type { PublicAddress } from '../public-address.js';
import { bodyMayBeMissing } from '../route-body.js';
import type { AppSettingsService } from '../settings/service.js';
import { isoOrNull } from '../wire.js';
import { tasks } from './checklist.js';
import { quickstart } from './quickstart.js';
import {
  ChecklistAnswer,
  PlatformAnswer,
  PlatformBody,
  PlatformParams,
  QuickstartAnswer,
  RotateAnswer,
  RotateBody,
  StatusAnswer,
  TaskAnswer,
  TaskParams,
} from './schemas.js';
import { type Onboarding, platformNamed } from './service.js';
import { snippetsOf } from './snippets.js';

const tags = ['support: onboarding'];
/** Where the key goes in snippets that can no longer show it. */
const PLACEHOLDER = 'YOUR_API_KEY';

/** Contract §11.5. */
const masked = (apiKey: string): string => `${apiKey.slice(0, 6)}...${apiKey.slice(-4)}`;

/** First steps of a new team (contract §11.5). */
export function onboardingRoutes(
  server: HttpServer,
  rooms: {
    readonly onboarding: Onboarding;
    readonly keys: KeyManagement;
    readonly settings: AppSettingsService;
  },
  hooks: OperatorRouteHooks,
  publicAddress: PublicAddress,
): void {
  const { onboarding, keys, settings } = rooms;

  server.post(
    '/admin/onboarding/platform',
    {
      ...hooks.operator('manage:settings'),
      preValidation: bodyMayBeMissing,
      schema: { tags, summary: 'Choose a platform', body: PlatformBody, response: { 200: PlatformAnswer } },
    },
    async (request) => {
      const { platform, useCase = null } = request.body;
      const state = await onboarding.choosePlatform(operatorOf(request), platform, useCase);
      return {
        platform: state.platform ?? '',
        useCase: state.useCase,
        updatedAt: isoInstant(state.updatedAt),
      };
    },
  );

  server.get(
    '/admin/onboarding/checklist',
    {
      ...hooks.operator('view:settings'),
      schema: { tags, summary: 'What is left to do', response: { 200: ChecklistAnswer } },
    },
    async (request) => {
      const state = await onboarding.state(operatorOf(request));
      return {
        checklist: tasks.map(({ percent: _percent, ...task }) => ({
          ...task,
          completed: state.done.has(task.id),
        })),
        progress: state.progress,
        completed: state.isComplete,
        ...(state.completedAt === null ? {} : { completedAt: isoInstant(state.completedAt) }),
      };
    },
  );

  server.post(
    '/admin/onboarding/mark-complete/:taskId',
    {
      ...hooks.operator('manage:settings'),
      schema: { tags, summary: 'Tick a task off', params: TaskParams, response: { 200: TaskAnswer } },
    },
    async (request) => {
      const { taskId } = request.params;
      const { progress } = await onboarding.complete(operatorOf(request), taskId);
      return { taskId, completed: true as const, progress };
    },
  );

  server.get(
    '/admin/onboarding/status',
    {
      ...hooks.operator('view:settings'),
      schema: { tags, summary: 'How far the team is', response: { 200: StatusAnswer } },
    },
    async (request) => {
      const state = await onboarding.state(operatorOf(request));
      const completedAt = state.completedAt === null ? null : isoInstant(state.completedAt);
      return {
        platform: state.platform,
        useCase: state.useCase,
        use_case: state.useCase,
        progress: state.progress,
        completed: state.isComplete,
        ...(completedAt ? { completedAt, completed_at: completedAt } : {}),
      };
    },
  );

  server.post(
    '/admin/onboarding/api-key/rotate',
    {
      ...hooks.operator('manage:settings'),
      preValidation: bodyMayBeMissing,
      schema: {
        tags,
        summary: 'Replace the newest key',
        description: 'The former key works on for `grace_seconds`, or as long as the app settings say.',
        body: RotateBody,
        response: { 200: RotateAnswer },
      },
    },
    async (request) => {
      const grace = request.body.grace_seconds ?? undefined;
      const { apiKey, previousValidUntil } = await keys.rotateNewest(operatorOf(request), grace);
      return {
        apiKey,
        maskedApiKey: masked(apiKey),
        apiKeyAvailable: true as const,
        previousValidUntil: isoOrNull(previousValidUntil),
      };
    },
  );

  server.get(
    '/admin/docs/quickstart/:platform',
    {
      ...hooks.operator('view:settings'),
      schema: {
        tags,
        summary: 'Instructions for a platform',
        params: PlatformParams,
        response: { 200: QuickstartAnswer },
      },
    },
    async (request) => {
      const operator = operatorOf(request);
      const platform = platformNamed(request.params.platform);
      const { name } = await settings.get(operator);
      const newest = await keys.newestLiving(operator);
      const snippets = snippetsOf(platform, {
        appId: operator.appId,
        apiKey: PLACEHOLDER,
        serverUrl: publicAddress(request),
      });
      return {
        platform,
        markdown: quickstart(platform, snippets),
        codeSnippets: [...snippets],
        config: {
          appId: operator.appId,
          appName: name,
          maskedApiKey: newest ? `${newest.prefix}...` : null,
          apiKey: null,
          apiKeyAvailable: false,
        },
      };
    },
  );
}
