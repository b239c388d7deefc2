// Somebody who is not Teams: the same activity with everything right but one thing.
import crypto from 'node:crypto';
import { TENANT } from './people.mjs';

const ELSEWHERE = 'https://smba.trafficmanager.net/teams/';

// Brings an activity in each forged way; what was let in, or changed anything, is objected to.
export async function forge(stage, activity) {
  const { microsoft, inbound, connector, hallpass } = stage;
  const right = microsoft.authorization(activity.serviceUrl);
  const [head, , signature] = right.split('.');
  const claims = Buffer.from(JSON.stringify({ iss: 'https://api.botframework.com' })).toString('base64url');
  const otherTenant = { ...activity, conversation: { ...activity.conversation, tenantId: crypto.randomUUID() } };
  const ways = [
    ['no token', activity, undefined, 401],
    ['a token of another key', activity, microsoft.authorization(activity.serviceUrl, microsoft.otherKey), 401],
    ['a token for another service', activity, microsoft.authorization(ELSEWHERE), 401],
    ['another service than the token names', { ...activity, serviceUrl: ELSEWHERE }, right, 401],
    ['a service that is nobody’s', { ...activity, serviceUrl: 'https://elsewhere.example/' }, microsoft.authorization('https://elsewhere.example/'), 401],
    ['other claims under the signature', activity, `${head}.${claims}.${signature}`, 401],
    [`another tenant than ${TENANT}`, otherTenant, right, 403],
  ];
  const calls = connector.calls;
  const before = JSON.stringify(hallpass.access());
  const objections = [];
  for (const [name, forged, authorization, expected] of ways) {
    const { status, body } = await inbound.deliver(JSON.stringify(forged), authorization);
    if (status !== expected || body !== 'not signed for this bot\n') {
      objections.push(`an activity with ${name} was answered ${status} “${body}”, not ${expected}`);
    }
  }
  if (connector.calls !== calls) objections.push('a forged activity made Hallpass call the Connector');
  if (JSON.stringify(hallpass.access()) !== before) objections.push('a forged activity changed the target');
  return objections;
}
