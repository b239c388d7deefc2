// Who takes part: the ids by which Teams knows them, the bot and the tenant.
export const APP = 'a0000000-0000-4000-8000-00000000000a';
export const TENANT = 'b0000000-0000-4000-8000-00000000000b';
export const BOT = { id: `28:${APP}`, name: 'Hallpass' };

const person = (number, given, surname) => ({
  key: given.toLowerCase(),
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

// Alex asks, Megan decides.
export const ALEX = person(1, 'Alex', 'Wilber');
export const MEGAN = person(2, 'Megan', 'Bowen');
// Of the same tenant, and unknown to Hallpass.
export const ISAIAH = person(3, 'Isaiah', 'Langer');
// The Playground wants six people; the others say nothing.
export const EVERYBODY = [ALEX, MEGAN, ISAIAH, person(4, 'Adele', 'Vance'), person(5, 'Patti', 'Fernandez'), person(6, 'Lynne', 'Robbins')];
