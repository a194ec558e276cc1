// What the pages of the console share: calls of the admin API, and elements.

function token() {
  return sessionStorage.getItem('spine-sim-token');
}

export async function call(path, options = {}) {
  const headers = token() ? { Authorization: `Bearer ${token()}` } : {};
  const response = await fetch(path, { ...options, headers: { ...headers, ...options.headers } });
  if (response.status === 401) {
    const given = prompt('This admin API asks for its token (SPINE_SIM_ADMIN_TOKEN):');
    if (given) {
      sessionStorage.setItem('spine-sim-token', given);
      return call(path, options);
    }
  }
  return response;
}

export function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/**
 * Gives each exchange to `take` as it ends. Reads server-sent events by fetch, since EventSource can't send a token; begins again
 * when the connection ends.
 */
export async function followExchanges(take) {
  try {
    const response = await call('/api/events');
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      text += value;
      const events = text.split('\n\n');
      text = events.pop();
      for (const event of events) {
        const data = /^data: (.*)$/m.exec(event)?.[1];
        if (data) take(JSON.parse(data));
      }
    }
  } catch {
    // The simulator was stopped or restarted: tried again below.
  }
  setTimeout(() => followExchanges(take), 2000);
}
