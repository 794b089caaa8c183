// Knobs, buttons and what they make. One wish is on its way at a time; what is done meanwhile goes with the next.

const PATIENCE_MS = 8000;

function node(kind, style, text) {
  const made = document.createElement(kind);
  Object.assign(made.style, style);
  if (text !== undefined) made.textContent = text;
  return made;
}

// A control: its element, `show(spec)` to stand as Python says, `text()` for how it stands now.
function control(spec, moved) {
  if (spec.kind === "button") {
    const button = node("button", { padding: "0.3em 0.9em" }, spec.label);
    button.addEventListener("click", () => moved(spec.name, null, true));
    return { top: button, show() {}, text: () => null };
  }
  if (spec.kind === "toggle") {
    const button = node("button", { minWidth: "2.6em", padding: "0.3em 0" }, spec.label);
    button.setAttribute("aria-label", spec.title);
    button.title = spec.title;
    let at = 0;
    const show = (now) => {
      at = now.at;
      button.setAttribute("aria-pressed", String(at === 1));
      Object.assign(button.style, { background: at ? "#1f5fa8" : "", color: at ? "white" : "" });
    };
    button.addEventListener("click", () => {
      show({ at: 1 - at });
      moved(spec.name, spec.texts[at], true);
    });
    return { top: button, show, text: () => spec.texts[at] };
  }
  const top = node("label", { display: "inline-flex", alignItems: "center", gap: "0.5em" }, spec.label);
  if (spec.kind === "choice") {
    const select = node("select", { font: "inherit" });
    for (const text of spec.texts) select.append(new Option(text, text));
    select.setAttribute("aria-label", spec.label);
    select.addEventListener("change", () => moved(spec.name, select.value, true));
    top.append(select);
    return { top, show: (now) => { select.selectedIndex = now.at; }, text: () => select.value };
  }
  const range = node("input", { width: "14em" });
  Object.assign(range, { type: "range", min: 0, max: spec.texts.length - 1, step: 1 });
  range.setAttribute("aria-label", spec.label);
  const text = () => spec.texts[Number(range.value)];
  const number = node("span", { minWidth: "3em", fontVariantNumeric: "tabular-nums" });
  number.setAttribute("aria-hidden", "true");
  const tell = () => {
    number.textContent = text();
    range.setAttribute("aria-valuetext", text());
  };
  range.addEventListener("input", () => { tell(); moved(spec.name, text(), false); });
  // A knob that is let go where it was taken up tells of no change.
  for (const kind of ["change", "pointerup", "blur"]) {
    range.addEventListener(kind, () => { tell(); moved(spec.name, text(), true); });
  }
  top.append(range, number);
  return { top, show: (now) => { range.value = now.at; tell(); }, text };
}

function render({ model, el }) {
  const page = Math.random().toString(36).slice(2);
  const box = node("div", { display: "grid", gap: "0.5em", padding: "0.4em 0" });
  box.dataset.panel = "";
  const said = node("div", { minHeight: "1.4em" });
  said.setAttribute("role", "status");
  const controls = new Map(); // name -> what it was made of, and the control
  let rows = []; // the element of each block, in order
  let moved = {}, pressed = null, turning = false; // done since the last wish went out
  let flight = null, sent = {}, taken = false, since = 0, count = 0, clock = 0;

  const scene = () => model.get("scene");
  const specs = () => scene().blocks.flatMap((block) => block.controls ?? []);
  const asked = () => ({ ...sent, ...moved });
  const wished = () => [
    ...specs().filter((spec) => spec.name in asked()).map((spec) => `${spec.label} ${asked()[spec.name]}`.trim()),
    ...[pressed].filter(Boolean),
  ].join(", ");

  function tell() {
    const { said: text, fault, older } = scene();
    const busy = flight !== null || turning;
    if (!busy) since = performance.now();
    const waited = performance.now() - since;
    const below = older || specs().filter((spec) => spec.texts && spec.kind !== "toggle")
      .map((spec) => `${spec.label} ${spec.texts[spec.at]}`).join(", ");
    let line = text;
    if (fault && older) line += `${text.endsWith(".") ? "" : "."} Pale below: ${older}.`;
    if (flight !== null && !taken && waited > PATIENCE_MS) {
      line = `No answer yet for ${wished()}. If no cell is running, run this cell again.`;
    } else if (flight !== null && waited > 300) {
      line = `Working: ${wished()} …${below ? ` Pale below: ${below}.` : ""}`;
    }
    if (said.textContent !== line) said.textContent = line;
    said.style.color = fault && line.startsWith(text) ? "#b26a00" : "";
    for (const row of rows) if (row.dataset.part !== undefined) row.style.opacity = busy || older ? 0.35 : 1;
    box.dataset.state = busy ? "busy" : fault ? "fault" : "idle";
    box.setAttribute("aria-busy", String(flight !== null));
  }

  function ask() {
    if (flight !== null || turning) return;
    for (const spec of specs()) if (spec.texts && moved[spec.name] === spec.texts[spec.at]) delete moved[spec.name];
    if (Object.keys(moved).length === 0 && pressed === null) return;
    flight = `${page}-${++count}`;
    [sent, taken] = [moved, false];
    model.send({ ask: flight, moved, pressed });
    moved = {};
    clearInterval(clock);
    clock = setInterval(tell, 200);
  }

  const act = (name, text, whole) => {
    turning = !whole;
    if (text !== null) moved = { ...moved, [name]: text };
    else if (flight === null) pressed = name; // a second press of a button waits for what the first one makes
    if (whole) ask();
    tell();
  };

  function place(spec) {
    const { at, ...made } = spec;
    const recipe = JSON.stringify(made);
    const known = controls.get(spec.name);
    if (known?.recipe === recipe) return known;
    const fresh = { recipe, ...control(spec, act) };
    if (known) {
      const focused = known.top.contains(document.activeElement);
      known.top.replaceWith(fresh.top);
      if (focused) (fresh.top.control ?? fresh.top).focus();
    }
    controls.set(spec.name, fresh);
    return fresh;
  }

  function build(blocks) {
    box.replaceChildren();
    controls.clear();
    rows = blocks.map((block) => {
      if (block.status) return said;
      const row = node("div", block.controls ? { display: "flex", flexWrap: "wrap", gap: "0.4em 1.4em", alignItems: "center" } : {});
      if (block.html !== undefined) {
        row.dataset.part = "";
        row.style.transition = "opacity 0.2s"; // what is answered at once does not flicker
      }
      if (block.label) row.append(node("span", { width: "7em" }, block.label));
      for (const spec of block.controls ?? []) row.append(place(spec).top);
      return row;
    });
    box.append(...rows);
  }

  const shape = () => JSON.stringify(scene().blocks.map((block) => block.controls?.map((spec) => spec.name) ?? Object.keys(block)));
  let built = null;
  function show() {
    const { blocks, answers } = scene();
    if (shape() !== built) {
      build(blocks);
      built = shape();
    }
    if (answers === flight) {
      [flight, sent, pressed] = [null, {}, null];
      clearInterval(clock);
    }
    blocks.forEach((block, number) => {
      for (const spec of block.controls ?? []) {
        const now = place(spec);
        if (!(spec.name in asked())) now.show(spec);
        else if (now.text() !== asked()[spec.name]) now.show({ at: Math.max(0, spec.texts.indexOf(asked()[spec.name])) });
      }
      const row = rows[number];
      if (block.html !== undefined && row.shows !== block.html) {
        row.innerHTML = block.html;
        row.shows = block.html;
      }
    });
    ask();
    tell();
  }

  const heard = (message) => {
    if (message.taken === flight) taken = true;
  };
  // Keys that turn a knob must not move the page or delete a cell; shortcuts such as Save go on.
  box.addEventListener("keydown", (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
  });
  model.on("change:scene", show);
  model.on("msg:custom", heard);
  el.append(box);
  show();
  return () => {
    clearInterval(clock);
    model.off("change:scene", show);
    model.off("msg:custom", heard);
  };
}

export default live(render);
