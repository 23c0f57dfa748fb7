/** One changed copy of a JSON document, and what was changed. */
export interface Alteration {
  readonly what: string;
  readonly copy: unknown;
}

const flip = (text: string): string[] => {
  const places = [0, Math.floor(text.length / 2), text.length - 1];
  const changed = places.map((place) => {
    const old = text[place] ?? "";
    return text.slice(0, place) + (old === "0" ? "1" : "0") + text.slice(place + 1);
  });
  return [...changed, text + " ", text.slice(1), "", text.toUpperCase(), text.toLowerCase()].filter(
    (copy) => copy !== text,
  );
};

function changes(value: unknown): { what: string; value: unknown }[] {
  if (typeof value === "string") {
    const types = [null, 1, [value], { value }].map((other) => ({ what: `as ${JSON.stringify(other)}`, value: other }));
    return [...flip(value).map((copy) => ({ what: `as ${copy}`, value: copy })), ...types];
  }
  if (Array.isArray(value)) {
    const lists = [[], [...value, "more"], [...value, value[0] as unknown], [...value].reverse(), value.slice(1)];
    return lists
      .filter((list) => JSON.stringify(list) !== JSON.stringify(value))
      .map((list) => ({ what: `as a list of ${list.length}`, value: list }));
  }
  const object = value as Record<string, unknown>;
  const without = Object.keys(object).map((key) => ({
    what: `without ${key}`,
    value: Object.fromEntries(Object.entries(object).filter(([other]) => other !== key)),
  }));
  return [...without, { what: "with one more member", value: { ...object, extra: "x" } }];
}

/** Every copy in which one place, at any depth, is changed, removed, added, reordered, or of another kind. */
export function alterations(document: unknown, path = "credential"): Alteration[] {
  const here = changes(document).map(({ what, value }) => ({ what: `${path} ${what}`, copy: value }));
  if (typeof document !== "object" || document === null) return here;
  const inner = Object.entries(document).flatMap(([key, member]) =>
    alterations(member, `${path}.${key}`).map(({ what, copy }) => {
      const clone = structuredClone(document) as Record<string, unknown>;
      clone[key] = copy;
      return { what, copy: clone };
    }),
  );
  return [...here, ...inner];
}
