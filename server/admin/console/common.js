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
