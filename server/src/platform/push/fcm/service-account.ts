import { Type } from 'typebox';
import { Value } from 'typebox/value';

const ServiceAccount = Type.Object({
  project_id: Type.String({ minLength: 1 }),
  client_email: Type.String({ minLength: 1 }),
  private_key: Type.String({ minLength: 1 }),
  token_uri: Type.Optional(Type.String({ pattern: '^https?://' })),
});

/** The parts of a Firebase service account that sending needs. */
export interface ServiceAccount {
  readonly projectId: string;
  readonly clientEmail: string;
  /** PKCS #8 PEM. */
  readonly privateKey: string;
  readonly tokenUri: string;
}

const GOOGLE_TOKEN_URI = 'https://oauth2.googleapis.com/token';

/**
 * Reads the file that the Firebase console hands out, whose line breaks in the key some panels escape once more.
 *
 * @throws Error that names what is missing, without quoting any of it
 */
export function readServiceAccount(json: string): ServiceAccount {
  const account = parse(json);
  if (!Value.Check(ServiceAccount, account)) {
    throw new Error(
      'it must hold project_id, client_email and private_key, as downloaded from the Firebase console',
    );
  }
  return {
    projectId: account.project_id,
    clientEmail: account.client_email,
    privateKey: account.private_key.replaceAll('\\n', '\n'),
    tokenUri: account.token_uri ?? GOOGLE_TOKEN_URI,
  };
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new Error('it must be JSON text'); // the parser would quote the key
  }
}
