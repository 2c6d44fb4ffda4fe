import { Type } from 'typebox';
import { optionalObject, optionalText, UserId } from '../sdk-shapes.js';

const word = optionalText({ maxLength: 200 });

export const TrackBody = Type.Object({
  user_id: UserId,
  event_name: Type.String({ minLength: 1, maxLength: 200 }),
  properties: optionalObject({ maxProperties: 50 }),
  user_plan: word,
  user_country: word,
  session_id: word,
  platform: word,
  app_version: word,
});
