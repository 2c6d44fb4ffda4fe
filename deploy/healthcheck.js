// The container's health check: 0 when `GET /health` answers 200, else 1. The slim image has no curl.
import { get as overHttp } from 'node:http';
import { get as overHttps } from 'node:https';

const secure = Boolean(process.env.TLS_CERT_FILE);
const get = secure ? overHttps : overHttp;
const port = process.env.PORT ?? '3000';

const request = get(
  `${secure ? 'https' : 'http'}://127.0.0.1:${port}/health`,
  // The certificate is made out to the public name, not to this address; whom we ask is ourselves.
  { timeout: 4_000, rejectUnauthorized: false },
  (response) => process.exit(response.statusCode === 200 ? 0 : 1),
);
request.on('timeout', () => process.exit(1));
request.on('error', () => process.exit(1));
