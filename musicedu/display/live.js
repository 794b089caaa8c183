// A live part that stands in a saved page only while Python answers it; else the still picture beside it is seen.
// What the page keeps is plain HTML: nothing is missing where no kernel runs.

function live(render) {
  function initialize({ model }) {
    const place = model.get("place");
    const spots = document.getElementsByClassName(`musicedu-live ${place}`);
    const mounted = new Map();
    const hidden = document.createElement("style");
    hidden.textContent = `.musicedu-still.${place} { display: none }`;
    let alive = false;

    const look = () => {
      for (const [spot, end] of mounted) {
        if (alive && spot.isConnected) continue;
        if (end) end();
        spot.replaceChildren();
        mounted.delete(spot);
      }
      for (const spot of alive ? spots : []) {
        if (mounted.has(spot)) continue;
        spot.replaceChildren();
        mounted.set(spot, render({ model, el: spot }));
      }
      if (mounted.size > 0) document.head.append(hidden);
      else hidden.remove();
    };
    const heard = (message) => {
      if (!message.hello) return;
      alive = true;
      look();
    };
    // At the start, and whenever the way to the kernel changes (a restart): silence means that nobody is there.
    const knock = () => {
      alive = false;
      look();
      model.send({ hello: true });
    };
    const watch = new MutationObserver(look);
    watch.observe(document.body, { childList: true, subtree: true });
    model.on("msg:custom", heard);
    model.on("comm_live_update", knock);
    knock();
    return () => {
      watch.disconnect();
      alive = false;
      look();
    };
  }
  return { initialize, render };
}
