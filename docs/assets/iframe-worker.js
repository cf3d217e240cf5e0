// The search runs in a worker, and browsers allow none to pages opened from disk: there an iframe takes its place.
// It offers what the theme's search asks for: postMessage, onmessage, terminate, and importScripts inside.
(() => {
  if (location.protocol !== "file:") return;
  class IFrameWorker extends EventTarget {
    constructor(url) {
      super();
      this.frame = document.createElement("iframe");
      this.frame.hidden = true;
      document.body.appendChild(this.frame);
      this.heard = (event) => {
        if (event.source !== this.frame.contentWindow) return;
        this.dispatchEvent(new MessageEvent("message", { data: event.data }));
        if (this.onmessage) this.onmessage(event);
      };
      window.addEventListener("message", this.heard);
      this.ready = new Promise((resolve) => { this.frame.onload = resolve; });
      const inside = this.frame.contentDocument;
      inside.open();
      inside.write(`<html><body><script>
        function postMessage(data) { parent.postMessage(data, "*") }
        function importScripts(...urls) {
          return urls.reduce((before, url) => before.then(() => new Promise((resolve) => {
            const script = document.createElement("script");
            script.src = url;
            script.onload = resolve;
            document.body.appendChild(script);
          })), Promise.resolve());
        }
      <\/script><script src="${url}"><\/script></body></html>`);
      inside.close();
    }
    postMessage(data) {
      this.ready.then(() => this.frame.contentWindow.dispatchEvent(new MessageEvent("message", { data })));
    }
    terminate() {
      window.removeEventListener("message", this.heard);
      this.frame.remove();
    }
  }
  window.IFrameWorker = IFrameWorker;
  window.Worker = IFrameWorker;
})();
