// Requests to the admin API. The token lives as long as the page, and is stored nowhere.

let token = "";

export const getToken = () => token;

export function setToken(next) {
  token = next;
}

/** An answer with another status than 2xx. */
export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** The answer to a request, as JSON; throws {@link Refused}. */
export async function ask(path, { method = "GET", query = {} } = {}) {
  const address = new URL(`admin/v1/${path}`, document.baseURI);
  for (const [name, value] of Object.entries(query)) if (value) address.searchParams.set(name, value);
  const answer = await fetch(address, { method, cache: "no-store", headers: token ? { Authorization: `Bearer ${token}` } : {} });
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(answer.status, body.message ?? `${answer.status} ${answer.statusText}`);
  return body;
}
