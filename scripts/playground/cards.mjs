// A card as data: its buttons with what they carry, and what a person's answer to it is.
function* parts(value) {
  if (Array.isArray(value)) {
    for (const part of value) yield* parts(part);
  } else if (value && typeof value === 'object') {
    yield value;
    for (const part of Object.values(value)) yield* parts(part);
  }
}

export function buttons(card) {
  return [...parts(card)].filter((part) => String(part.type).startsWith('Action.') && part.title);
}

export function button(card, title) {
  const found = buttons(card).find((one) => one.title === title);
  if (!found) throw new Error(`no button “${title}” among ${buttons(card).map((one) => one.title).join(', ')}`);
  return found;
}

// Everything that is read on a card.
export function words(card) {
  const texts = [...parts(card)].flatMap((part) => [part.text, part.title, part.value]).filter((text) => typeof text === 'string');
  return texts.join('\n');
}

// What a client sends for a button of a dialog: what it carries, and what stands in the fields.
export function submitted(card, title, typed = {}) {
  const { data, associatedInputs } = button(card, title);
  const fields = [...parts(card)].filter((part) => String(part.type).startsWith('Input.'));
  for (const id of Object.keys(typed)) {
    if (!fields.some((field) => field.id === id)) throw new Error(`no field “${id}” in this dialog`);
  }
  const inputs = associatedInputs === 'none' ? [] : fields.map((field) => [field.id, typed[field.id] ?? field.value ?? '']);
  return { ...Object.fromEntries(inputs), ...data };
}

// The card in the answer to an opened dialog.
export function dialogCard(answer) {
  const card = answer?.task?.value?.card?.content;
  if (!card) throw new Error(`no dialog was answered, but ${JSON.stringify(answer)}`);
  return card;
}
