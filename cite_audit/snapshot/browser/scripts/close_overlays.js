// Closes what asks for consent. Refusing comes first: only where a page offers no refusal is its consent button pressed.
// What is left of an overlay is hidden; the page as it was sent is in the WARC either way.
(() => {
  const box = /cookie|consent|gdpr|cmp|privacy|onetrust|didomi|truste|usercentrics|sp_message|qc-|fc-|cc-window|overlay|modal/i;
  const refuse = /^(reject|decline|refuse|deny|disagree|only necessary|necessary only|essential only|continue without|no,? thanks|ablehnen|alle ablehnen|nur notwendige|refuser|tout refuser|continuer sans|rechazar|rifiuta|rejeitar|recusar|weigeren|odrzuć|отклонить|отказаться|только необходимые|відхилити)/i;
  const accept = /^(accept|agree|allow|i agree|i accept|i understand|got it|ok(ay)?$|continue|close|understood|akzeptieren|alle akzeptieren|zustimmen|einverstanden|accepter|tout accepter|j.accepte|aceptar|acepto|accetta|accetto|aceitar|akkoord|accepteren|zgadzam|akceptuj|принять|принимаю|согласен|соглашаюсь|хорошо|понятно|прийняти|погоджуюсь)/i;
  const name = node => `${node.id} ${typeof node.className === "string" ? node.className : ""} ${node.getAttribute("role") || ""}`;
  const floats = node => ["fixed", "sticky"].includes(getComputedStyle(node).position);
  const boxes = [...document.querySelectorAll("div,section,aside,dialog,form")]
    .filter(node => (box.test(name(node)) || node.tagName === "DIALOG") && /cookie|consent|privacy|gdpr|données|datenschutz|конфиденциальн|куки|cookies/i.test(node.innerText || ""))
    .filter(node => node.tagName === "DIALOG" || floats(node) || [...node.querySelectorAll("*")].slice(0, 40).some(floats) || (node.parentElement && floats(node.parentElement)));
  for (const words of [refuse, accept]) {
    let pressed = false;
    for (const node of boxes) {
      const button = [...node.querySelectorAll("button,[role=button],a,input[type=button],input[type=submit]")]
        .find(one => words.test((one.innerText || one.value || "").trim()) && !(one.tagName === "A" && /^https?:/.test(one.getAttribute("href") || "")));
      if (button) { button.click(); pressed = true; }
    }
    if (pressed) break;
  }
  setTimeout(() => {
    for (const node of boxes) if (node.isConnected && floats(node) && (node.innerText || "").length < 4000) node.style.setProperty("display", "none", "important");
    for (const node of [document.documentElement, document.body]) if (node) node.style.setProperty("overflow", "visible", "important");
  }, 300);
  return boxes.length;
})()
