import { Type } from 'typebox';
import { GraceSeconds } from '../keys/schemas.js';
import { optional } from '../sdk-shapes.js';

const Days = Type.Union([Type.Integer({ minimum: 1, maximum: 36_500 }), Type.Null()]);

const settings = {
  name: Type.String({ minLength: 1, maxLength: 200 }),
  message_retention_days: Days,
  event_retention_days: Days,
  push_enabled: Type.Boolean(),
  push_quiet_hours: Type.Boolean({ description: 'No push from 22:00 to 08:00 where the device is.' }),
  grace_seconds: GraceSeconds,
  legal_hold: Type.Boolean({ description: 'While true, nothing is deleted by age.' }),
};

export const SettingsAnswer = Type.Object(settings);

/** What is left out stays as it is. `null` days mean for ever. */
export const SettingsBody = Type.Object({
  name: optional(settings.name),
  message_retention_days: Type.Optional(Days),
  event_retention_days: Type.Optional(Days),
  push_enabled: optional(settings.push_enabled),
  push_quiet_hours: optional(settings.push_quiet_hours),
  grace_seconds: optional(settings.grace_seconds),
  legal_hold: optional(settings.legal_hold),
});
