// Who takes part: the ids by which Teams knows them, the bot and the tenant.
export const APP = 'a0000000-0000-4000-8000-00000000000a';
export const TENANT = 'b0000000-0000-4000-8000-00000000000b';
export const BOT = { id: `28:${APP}`, name: 'Hallpass' };

// Where approvers are asked besides.
export const CHANNEL = '19:approvals@thread.tacv2';

const person = (number, given, surname) => ({
  key: given.toLowerCase(),
  // Their own chat with the bot.
  chat: `a:chat-of-${given.toLowerCase()}`,
  account: {
    id: `29:${given.toLowerCase()}`,
    name: `${given} ${surname}`,
    userPrincipleName: `${given.toLowerCase()}@birchbell.example`,
    aadObjectId: `c0000000-0000-4000-8000-00000000000${number}`,
    givenName: given,
    surname,
    email: `${given.toLowerCase()}@birchbell.example`,
  },
});

// Alex asks, Megan decides; neither Isaiah nor anybody after him is in Hallpass' directory.
export const ALEX = person(1, 'Alex', 'Wilber');
export const MEGAN = person(2, 'Megan', 'Bowen');
export const ISAIAH = person(3, 'Isaiah', 'Langer');
// The Playground wants six people.
export const EVERYBODY = [ALEX, MEGAN, ISAIAH, person(4, 'Adele', 'Vance'), person(5, 'Patti', 'Fernandez'), person(6, 'Lynne', 'Robbins')];
