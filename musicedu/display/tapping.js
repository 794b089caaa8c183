// Tapping along: a sound, a button, and the moments at which it was pressed, in seconds of the sound.
// Where a browser blocks a repeat or the sound is not playing, a press counts for nothing.

function element(kind, text, style) {
  const made = document.createElement(kind);
  made.textContent = text;
  Object.assign(made.style, style);
  return made;
}

function render({ model, el }) {
  const box = element("div", "", { display: "flex", flexWrap: "wrap", gap: "0.8em", alignItems: "center", padding: "0.4em 0" });
  // JupyterLab leaves the keys alone in here: a tap on D must not delete a cell.
  box.dataset.lmSuppressShortcuts = "true";
  const audio = document.createElement("audio");
  audio.preload = "auto";
  audio.src = model.get("sound");
  audio.setAttribute("aria-label", model.get("words"));
  const start = element("button", "▶ Play", { fontSize: "1.1em", padding: "0.5em 1.2em" });
  const pad = element("button", "Tap here, or press any key", { fontSize: "1.2em", padding: "1.4em 2.5em", touchAction: "none" });
  const said = element("span", model.get("said"), {});
  said.setAttribute("role", "status");
  said.dataset.tapping = "said";
  start.dataset.tapping = "start";
  pad.dataset.tapping = "pad";
  box.append(audio, start, pad, said);
  el.append(box);

  let taps = [];
  const say = (text) => { said.textContent = text; };

  const begin = () => {
    taps = [];
    model.set("taps", []);
    model.save_changes();
    audio.currentTime = 0;
    say("Listen, and tap the beat.");
    pad.focus();
    audio.play().catch(() => say("The browser will not play this sound: press Play again."));
  };
  const tap = (event) => {
    if (audio.paused || audio.ended) return;
    // The event carries the moment of the press; by now the sound has moved on a little.
    const late = Math.max(0, performance.now() - event.timeStamp) / 1000;
    taps = [...taps, Math.max(0, audio.currentTime - late)];
    pad.style.outline = "4px solid #1f5fa8";
    setTimeout(() => { pad.style.outline = ""; }, 90);
    say(`${taps.length} ${taps.length === 1 ? "tap" : "taps"}`);
    model.set("taps", taps);
    model.save_changes();
  };
  const done = () => say(taps.length ? `Done: ${taps.length} taps. Run the next cell.` : "No taps yet: press Play and try again.");

  start.addEventListener("click", begin);
  pad.addEventListener("pointerdown", tap);
  pad.addEventListener("keydown", (event) => {
    if (event.key === "Tab" || event.key === "Escape" || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    if (!event.repeat) tap(event);
  });
  pad.addEventListener("keyup", (event) => event.preventDefault());
  // A press that is neither pointer nor key comes from a screen reader.
  pad.addEventListener("click", (event) => { if (event.detail === 0 && event.pointerType === "") tap(event); });
  audio.addEventListener("ended", done);
  return () => audio.pause();
}

export default live(render);
