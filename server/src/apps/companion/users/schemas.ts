import { Type } from 'typebox';

const NumberOrNull = Type.Optional(Type.Union([Type.Number(), Type.Null()]));

export const TextOrNull = Type.Optional(Type.Union([Type.String({ maxLength: 2_000 }), Type.Null()]));

export const Place = Type.Object({
  latitude: Type.Number({ minimum: -90, maximum: 90 }),
  longitude: Type.Number({ minimum: -180, maximum: 180 }),
  altitude: NumberOrNull,
  accuracy: NumberOrNull,
  time: TextOrNull,
  googlePlaceId: TextOrNull,
  google_place_id: TextOrNull,
  address: TextOrNull,
  locationType: TextOrNull,
  location_type: TextOrNull,
});
