// What a browser keeps of this page: the theme and the watch lists. Never a key.

const PLACE = "penstock.page";
const MAX_LISTS = 20, MAX_SYMBOLS = 500, MAX_CHARS = 128;

const isText = value => typeof value === "string" && value.length > 0 && value.length <= MAX_CHARS;

/** What is kept and has the right form; the rest may be of another version. */
function load() {
  let kept;
  try {
    kept = JSON.parse(localStorage.getItem(PLACE));
  } catch {
    // not ours, or storage is switched off
  }
  const lists = (Array.isArray(kept?.lists) ? kept.lists : []).filter(list => isText(list?.name) && Array.isArray(list.symbols)).slice(0, MAX_LISTS)
    .map(({ name, symbols }) => ({ name, symbols: symbols.filter(isText).slice(0, MAX_SYMBOLS) }));
  return { theme: ["light", "dark"].includes(kept?.theme) ? kept.theme : "auto", lists: lists.length ? lists : [{ name: "Watch list", symbols: [] }] };
}

/** The theme and the lists; `save` after a change. */
export class Settings {
  constructor() {
    Object.assign(this, load());
  }

  save() {
    try {
      localStorage.setItem(PLACE, JSON.stringify({ theme: this.theme, lists: this.lists }));
    } catch {
      // storage is full or switched off: the choice lives as long as the page
    }
  }

  /** Adds a list, or replaces that of the name; false if there is no room. */
  addList(name, symbols) {
    const list = { name: name.slice(0, MAX_CHARS), symbols: symbols.slice(0, MAX_SYMBOLS) };
    const place = this.lists.findIndex(each => each.name === list.name);
    if (place < 0 && this.lists.length === MAX_LISTS) return false;
    this.lists.splice(place < 0 ? this.lists.length : place, place < 0 ? 0 : 1, list);
    this.save();
    return true;
  }

  removeList(list) {
    this.lists.splice(this.lists.indexOf(list), 1);
    this.save();
  }

  /** Adds a symbol to a list, or takes it out. */
  toggle(list, symbol) {
    const place = list.symbols.indexOf(symbol);
    if (place >= 0) list.symbols.splice(place, 1);
    else if (list.symbols.length < MAX_SYMBOLS && symbol.length <= MAX_CHARS) list.symbols.push(symbol);
    this.save();
  }

  /** All names without a star: an on-demand feed has them only while somebody names them. */
  names() {
    return [...new Set(this.lists.flatMap(list => list.symbols.filter(symbol => !symbol.includes("*"))))];
  }
}
