// What Microsoft's cloud adds to the Playground: keys that are published, tokens that are signed with
// them, and a token for the bot, without which the Connector takes nothing.
import crypto from 'node:crypto';
import { APP } from './people.mjs';
import { Server } from './server.mjs';

const ISSUER = 'https://api.botframework.com';
const KEY = 'of-the-check';

const key = () => crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

export class Microsoft {
  static async start() {
    const microsoft = new Microsoft();
    microsoft.server = await Server.start((request) => microsoft.answer(request));
    return microsoft;
  }

  constructor() {
    this.key = key();
    // Nobody publishes this one.
    this.otherKey = key();
    this.issued = `issued-${crypto.randomUUID()}`;
  }

  get metadataUrl() {
    return `${this.server.url}/metadata`;
  }

  get tokenUrl() {
    return `${this.server.url}/token`;
  }

  answer({ method, path, text }) {
    switch (`${method} ${path}`) {
      case 'GET /metadata':
        return { body: { issuer: ISSUER, jwks_uri: `${this.server.url}/keys`, id_token_signing_alg_values_supported: ['RS256'] } };
      case 'GET /keys': {
        const published = this.key.publicKey.export({ format: 'jwk' });
        return { body: { keys: [{ ...published, kid: KEY, use: 'sig', alg: 'RS256', endorsements: ['msteams'] }] } };
      }
      case 'POST /token': {
        const asked = new URLSearchParams(text);
        const isOurs = asked.get('client_id') === APP && asked.get('grant_type') === 'client_credentials' && asked.get('client_secret');
        if (!isOurs) return { status: 401, body: { error: 'invalid_client' } };
        return { body: { token_type: 'Bearer', expires_in: 3600, access_token: this.issued } };
      }
      default:
        return { status: 404, body: {} };
    }
  }

  // The header of an activity that comes from this Connector.
  authorization(serviceUrl, signer = this.key) {
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: ISSUER, aud: APP, nbf: now - 60, exp: now + 3600, serviceurl: serviceUrl };
    const signed = `${part({ alg: 'RS256', typ: 'JWT', kid: KEY })}.${part(claims)}`;
    const signature = crypto.sign('sha256', Buffer.from(signed), signer.privateKey).toString('base64url');
    return `Bearer ${signed}.${signature}`;
  }

  // Whether this header carries the token that the bot was given.
  isBots(authorization) {
    return authorization === `Bearer ${this.issued}`;
  }

  async stop() {
    await this.server.stop();
  }
}
