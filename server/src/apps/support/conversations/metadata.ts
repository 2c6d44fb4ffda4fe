import type { Conversation, DeviceContext, SdkUser } from './conversation.js';

type Metadata = Conversation['metadata'];

/** SDKs write out what they do not know as null: such members say nothing and replace nothing. */
const said = (members: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== null && value !== undefined && !isEmpty(value)),
  );

const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;

/** What is known after a device has said more: newer words win, silence keeps the older ones. */
export function mergeMetadata(
  known: Metadata,
  news: { readonly user?: SdkUser | null; readonly context?: DeviceContext | null },
): Metadata {
  const { user, context } = news;
  const sameUser = user && known.user?.id === user.id ? known.user : undefined;
  const mergedUser = user ? ({ ...sameUser, ...said({ ...user }) } as unknown as SdkUser) : known.user;
  const mergedContext = context ? { ...known.device_context, ...said(context) } : known.device_context;
  return {
    ...(mergedContext ? { device_context: mergedContext } : {}),
    ...(mergedUser ? { user: mergedUser } : {}),
  };
}

/** What the inbox finds a visitor by. */
export const visitorWords = (deviceId: string, userId: string | null, { user }: Metadata): string =>
  [user?.name, user?.email, userId, deviceId]
    .filter((word) => typeof word === 'string' && word !== '')
    .join('\n')
    .toLowerCase();
