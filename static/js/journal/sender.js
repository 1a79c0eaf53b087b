// Sends what waits, one entry at a time in order, from whichever tab holds the lock. Without connection it
// tries again by itself; once the session has ended it waits until somebody signs in again.
import { asSent, nextOf, refused, saved, tried } from "./queue.js";

const FIRST_PAUSE = 2000;
const LONGEST_PAUSE = 30000;
const PATIENCE = 15000;
const MOST_FAULTS = 4;
const FINAL = new Set(["saved", "conflict", "refused", "question", "forbidden", "fault"]);

const once = async (record, token) => {
  const response = await fetch(record.url, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
    body: JSON.stringify(asSent(record)),
    redirect: "manual",
    signal: AbortSignal.timeout(PATIENCE),
  });
  const answer = await response.json().catch(() => ({}));
  return { status: response.status, ...answer };
};

// What an answer means whose state is none of the protocol's.
const stateOf = ({ status, state }) => {
  if (FINAL.has(state) || state === "signed-out" || state === "csrf") return state;
  if (state === "unknown") return "refused";
  if (status === 401) return "signed-out";
  return [400, 404, 405, 410, 413].includes(status) ? "fault" : "trouble";
};

export const createSender = ({ person, csrf, words, onAnswer, onConnection }) => {
  let token = csrf;
  let pause = 0;
  let timer = null;
  let faults = 0;
  const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel(`journal-${person}`) : null;

  // Signing in anew, in another tab too, turns the token: the answer brings one that fits.
  const send = async (record) => {
    try {
      let answer = await once(record, token);
      if (stateOf(answer) === "csrf") {
        token = answer.csrf;
        answer = await once(record, token);
      }
      return { ...answer, state: stateOf(answer) };
    } catch {
      return { state: "offline" };
    }
  };

  const take = (record, answer) => {
    if (answer.state === "saved") saved(person, record, answer);
    else refused(person, record, answer);
    onAnswer(record, answer);
    channel?.postMessage({ record, answer });
  };

  // A fault of the server that stays is told at the cell and does not hold up the others.
  const orFault = (answer) => {
    const isFault = answer.state === "trouble" && answer.status === 500 && (faults += 1) >= MOST_FAULTS;
    return isFault || answer.state === "fault" ? { state: "fault", message: words.fault } : answer;
  };

  const deliver = async () => {
    for (let record = nextOf(person); record; record = nextOf(person)) {
      const entry = tried(record);
      const answer = orFault(await send(entry));
      if (!FINAL.has(answer.state)) return answer;
      take(entry, answer);
      pause = 0;
      faults = 0;
    }
    return { state: "online" };
  };

  const alone = (work) => (navigator.locks ? navigator.locks.request(`journal-${person}`, work) : work());

  const wake = async () => {
    const wasEarly = timer !== null;
    clearTimeout(timer);
    timer = null;
    const answer = await alone(deliver);
    onConnection(answer);
    if (answer.state === "online") return;
    if (!wasEarly) pause = Math.min(pause ? pause * 2 : FIRST_PAUSE, LONGEST_PAUSE);
    timer = setTimeout(() => { timer = null; request(); }, pause);
  };

  // One run at a time; who wakes it meanwhile makes it look once more.
  let running = null;
  let isWanted = false;
  const request = () => {
    isWanted = true;
    running ??= (async () => {
      while (isWanted) {
        isWanted = false;
        await wake();
      }
      running = null;
    })();
  };

  if (channel) channel.onmessage = ({ data }) => onAnswer(data.record, data.answer);
  addEventListener("online", () => { pause = 0; request(); });
  addEventListener("focus", request);
  return { request };
};
