import { Type } from 'typebox';
import { Instant, optional } from '../sdk-shapes.js';

/** White space would end a shortcut while it is typed. */
const Shortcut = Type.String({ minLength: 1, maxLength: 50, pattern: '^\\S+$' });
/** As long as a message may be. */
const Body = Type.String({ minLength: 1, maxLength: 5_000 });

export const ReplyParams = Type.Object({ id: Type.String({ maxLength: 100 }) });
export const CreateReplyBody = Type.Object({ shortcut: Shortcut, body: Body });
export const ChangeReplyBody = Type.Object({ shortcut: optional(Shortcut), body: optional(Body) });

const Reply = Type.Object({
  id: Type.String(),
  shortcut: Type.String(),
  body: Type.String(),
  created_at: Instant,
  updated_at: Instant,
});

export const ReplyAnswer = Type.Object({ canned_reply: Reply });
export const RepliesAnswer = Type.Object({ canned_replies: Type.Array(Reply) });
