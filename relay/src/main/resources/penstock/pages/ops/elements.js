// What the parts of the page share: elements, rows that keep their place, and how figures are written.

export const $ = id => document.getElementById(id);

/** An element with these properties and children; what is undefined is left out. */
export function make(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined) continue;
    if (key === "data") Object.assign(element.dataset, value);
    else element[key] = value;
  }
  element.append(...children);
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

/** An element of a drawing with these attributes. */
export function draw(name, attributes = {}, text) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  return element;
}

/**
 * Shows one child per item, in their order. A child is made once for each key and then changed, so that what is focused stays so.
 */
export function keyed(parent, items, keyOf, create, update) {
  const old = new Map([...parent.children].map(child => [child.dataset.key, child]));
  let place = parent.firstElementChild;
  for (const item of items) {
    const key = keyOf(item);
    let child = old.get(key);
    if (child) {
      old.delete(key);
    } else {
      child = create(item);
      child.dataset.key = key;
    }
    update(child, item);
    if (child === place) place = place.nextElementSibling;
    else parent.insertBefore(child, place);
  }
  for (const child of old.values()) child.remove();
}

/** Writes a text where it differs: what is selected on the page stays so. */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

const short = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });

export const figure = number => Number.isFinite(number) ? number < 1000 ? String(Math.round(number)) : short.format(number) : "–";

/** A number of things, to the last one. */
export const exact = number => number.toLocaleString("en");

/** On a phone each cell of a row has the title of its column. */
export function labelled(row, table) {
  [...table.querySelectorAll("thead th")].forEach((title, i) => { row.children[i].dataset.label = title.textContent; });
  return row;
}

/** A duration in milliseconds. */
export function ms(value) {
  if (!Number.isFinite(value)) return "–";
  if (value >= 120_000) return value < 7_200_000 ? `${Math.floor(value / 60_000)} min` : value < 172_800_000 ? `${Math.floor(value / 3_600_000)} h` : `${Math.floor(value / 86_400_000)} d`;
  if (value >= 1000) return `${(value / 1000).toFixed(value < 10_000 ? 1 : 0)} s`;
  return `${value < 1 ? value.toFixed(2) : value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}

export function bytes(value) {
  if (!Number.isFinite(value)) return "–";
  const units = ["B", "KB", "MB", "GB"];
  let unit = 0, rest = value;
  for (; rest >= 1000 && unit < units.length - 1; unit++) rest /= 1000;
  return `${unit && rest < 100 ? rest.toPrecision(2) : Math.round(rest)} ${units[unit]}`;
}

/** Underscores of a reason are spaces for people. */
export const words = text => text?.replaceAll("_", " ") ?? "";

/** Asks before something is done that clients notice; whether it is to be done, and whether the option is chosen. */
export function confirmed({ title, text, action, option }) {
  const dialog = $("confirm");
  $("confirmTitle").textContent = title;
  $("confirmText").textContent = text;
  $("confirmYes").textContent = action;
  $("confirmOption").hidden = !option;
  $("confirmOption").querySelector("span").textContent = option ?? "";
  $("confirmOption").querySelector("input").checked = true;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise(resolve => dialog.addEventListener("close", () => resolve({
    isSo: dialog.returnValue === "yes",
    option: $("confirmOption").querySelector("input").checked,
  }), { once: true }));
}
