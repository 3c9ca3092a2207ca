// An HTTPS server that says what its own parsers read: Node's for HTTP, the URL standard's, JSON's.
//
//   node server.mjs KEY CERTIFICATE [CLIENT-AUTHORITY]
//
// Prints its port, then one JSON line for each request. Stays until its standard input ends.
// It also plays the parts of a token endpoint and of a key-value store: simulators, no more than the tests ask for.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';

const [key, cert, clients] = process.argv.slice(2);
const options = { key: readFileSync(key), cert: readFileSync(cert), maxHeaderSize: 64 * 1024 };
if (clients) Object.assign(options, { ca: readFileSync(clients), requestCert: true, rejectUnauthorized: true });

const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
const json = (response, status, value) => {
  response.writeHead(status, { 'content-type': 'application/json', 'x-request-id': 'r-17' });
  response.end(JSON.stringify(value));
};

const parts = {
  echo: (response, seen) => json(response, 200, { ok: true, seen }),
  status: (response, seen) => json(response, Number(seen.segments[1]), { code: 'said', status: seen.segments[1] }),
  hang: () => {},
  slow: (response) => setTimeout(() => json(response, 200, { ok: true }), 1000),
  gone: (response) => response.socket.destroy(),
  cut: (response) => {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('{"ok": true');
    setTimeout(() => response.socket.destroy(), 100);
  },
  endless: (response) => {
    response.writeHead(200);
    const more = () => { while (response.write('x'.repeat(16384))); };
    response.on('drain', more);
    more();
  },
  bighead: (response) => { response.writeHead(200, { 'x-big': 'x'.repeat(300000) }); response.end(); },
  redirect: (response, seen) => {
    const given = Object.fromEntries(seen.query);
    response.writeHead(Number(given.status ?? 302), given.to ? { location: given.to } : {});
    response.end();
  },
  token: (response, seen) => {
    const form = new URLSearchParams(seen.raw);
    const basic = Buffer.from((seen.headers.authorization ?? '').replace('Basic ', ''), 'base64').toString();
    const posted = `${encodeURIComponent(form.get('client_id'))}:${encodeURIComponent(form.get('client_secret'))}`;
    if (form.get('grant_type') !== 'client_credentials' || ![basic, posted].includes('the%20client:s3cret%2Fvalue%3A')) {
      return json(response, 401, { error: 'invalid_client', error_description: `not ${seen.raw}` });
    }
    tokens += 1;
    json(response, 200, { access_token: `token-number-${tokens}`, token_type: 'Bearer', expires_in: 3600 });
  },
  v1: (response, seen) => {
    const path = seen.segments.slice(1).join('/');
    if (path === 'auth/approle/login') {
      const good = seen.body?.role_id === 'the-role' && seen.body?.secret_id === 'the-secret-id';
      if (!good) return json(response, 400, { errors: ['invalid role or secret ID'] });
      logins += 1;
      return json(response, 200, { auth: { client_token: `hvs.login-${logins}`, lease_duration: 600 } });
    }
    const token = seen.headers['x-vault-token'] ?? '';
    if (token !== 'hvs.root' && token !== `hvs.login-${logins}`) return json(response, 403, { errors: ['permission denied'] });
    if (seen.method === 'GET' && path === 'secret/data/erp/db') {
      return json(response, 200, { data: { data: { password: 'from-the-store', port: 5432 }, metadata: { version: 3 } } });
    }
    if (seen.method === 'GET' && path === 'secret/data/canary') {
      return json(response, 200, { data: { data: { value: process.env.STORED } } });
    }
    json(response, 404, { errors: [] });
  },
};
let tokens = 0;
let logins = 0;

const server = createServer(options, (request, response) => {
  const pieces = [];
  request.on('data', (piece) => pieces.push(piece));
  request.on('end', () => {
    const url = new URL(request.url, 'https://localhost');
    const raw = Buffer.concat(pieces).toString();
    let body = null;
    try { body = JSON.parse(raw); } catch { /* none, or not JSON */ }
    const seen = {
      method: request.method, url: request.url, host: request.headers.host, headers: request.headers,
      segments: url.pathname.split('/').slice(1).map(decodeURIComponent), query: [...url.searchParams], body, raw,
      client: request.socket.getPeerCertificate?.().subject?.CN ?? null,
    };
    say(seen);
    (parts[seen.segments[0]] ?? parts.echo)(response, seen);
  });
});
server.on('clientError', (_, socket) => socket.destroy());
server.listen(0, '127.0.0.1', () => say(server.address().port));
// Whoever reads our output learns where it stands.
process.stdin.on('data', () => say('mark'));
process.stdin.on('end', () => process.exit(0));
