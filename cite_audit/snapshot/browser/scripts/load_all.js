// Loads pictures that wait to be scrolled to and media that wait to be played; scrolls to the end of the page, in steps.
(async () => {
  const pause = time => new Promise(done => setTimeout(done, time));
  const late = ["data-src", "data-original", "data-lazy-src", "data-lazy", "data-hi-res-src"];
  const wake = root => {
    for (const node of root.querySelectorAll("[loading=lazy]")) node.loading = "eager";
    for (const node of root.querySelectorAll("img,iframe,source,video,audio")) {
      const blank = !node.getAttribute("src") || /^data:|blank|placeholder|spacer/i.test(node.getAttribute("src"));
      const address = late.map(one => node.getAttribute(one)).find(Boolean);
      if (blank && address) node.setAttribute("src", address);
      const set = node.getAttribute("data-srcset") || node.getAttribute("data-lazy-srcset");
      if (set && !node.getAttribute("srcset")) node.setAttribute("srcset", set);
    }
    for (const node of root.querySelectorAll("video,audio")) {
      node.preload = "auto"; node.muted = true;
      try { node.load(); node.play().catch(() => 0); } catch {}
    }
    for (const node of root.querySelectorAll("[data-bg],[data-background-image]")) {
      const address = node.getAttribute("data-bg") || node.getAttribute("data-background-image");
      if (!node.style.backgroundImage) node.style.backgroundImage = `url("${address}")`;
    }
  };
  wake(document);
  const step = Math.max(400, innerHeight * 0.8);
  for (let place = 0, count = 0; place < document.documentElement.scrollHeight && count < 60; place += step, count++) {
    scrollTo(0, place);
    await pause(80);
  }
  wake(document);
  for (const node of document.querySelectorAll("a[download][href], link[rel~=alternate][type*=oembed][href]"))
    if (new URL(node.href, location).origin === location.origin) fetch(node.href).catch(() => 0);
  scrollTo(0, 0);
  return document.documentElement.scrollHeight;
})()
