// Whether what Hallpass says has the shape that Teams wants. The Playground takes anything, and Teams
// answers “Something went wrong”.
const CARD = 'application/vnd.microsoft.card.adaptive';
const MESSAGE = 'application/vnd.microsoft.activity.message';

const isCard = (card) => card?.type === 'AdaptiveCard' && card.version === '1.5' && Array.isArray(card.body) && card.body.length > 0;
const isText = (text) => typeof text === 'string' && text.length > 0;

function isDialog(answer) {
  if (answer === undefined) return true;
  const { task } = answer ?? {};
  if (task?.type === 'message') return isText(task.value);
  const { title, height, width, card } = task?.value ?? {};
  return task?.type === 'continue' && isText(title) && isText(height) && isText(width) && card?.contentType === CARD && isCard(card.content);
}

function isInPlace(answer) {
  if (answer?.statusCode !== 200) return false;
  return answer.type === CARD ? isCard(answer.value) : answer.type === MESSAGE && typeof answer.value === 'string';
}

function isWhole({ activity, status, answer }) {
  if (status !== 200) return false;
  if (activity.type !== 'invoke') return answer === undefined;
  if (/^(composeExtension|task)\//.test(activity.name)) return isDialog(answer);
  return activity.name === 'adaptiveCard/action' && isInPlace(answer);
}

function isMessage({ activity }) {
  const [attachment, ...others] = activity?.attachments ?? [];
  return activity?.type === 'message' && isText(activity.summary) && others.length === 0
    && attachment?.contentType === CARD && isCard(attachment.content);
}

// What is not as it should be in all that was answered and sent.
export function objections(inbound, connector) {
  const short = (value) => JSON.stringify(value)?.slice(0, 300);
  const answers = inbound.passed.filter((one) => !isWhole(one)).map(({ activity, status, answer }) => {
    const what = activity.name ?? activity.type;
    if (status !== 200) return `Hallpass answered ${status} to ${what}, which was signed as Teams signs`;
    return `the answer to ${what} has not the shape that Teams wants: ${short(answer)}`;
  });
  const messages = connector.messages.filter((one) => !isMessage(one)).map(({ activity }) =>
    `a message has not the shape that Teams wants: ${short(activity)}`);
  return [...answers, ...messages];
}
