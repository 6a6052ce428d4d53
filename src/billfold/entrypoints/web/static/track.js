/* Billfold: keeps one cookie, stackbe_ref, or none. */
(function (d, w) {
  var s = d.currentScript, o = s.dataset, N = "stackbe_ref", days = +(o.days || 30), token, waiting;
  var q = new URLSearchParams(location.search), ok = /^[\w-]{40,200}$/;
  var consent = o.consent === "required" ? null : "not_asked";
  function cookie() { var m = d.cookie.match(/(?:^|; )stackbe_ref=([\w-]+)/); return m && m[1]; }
  function put(value, seconds) {
    if (o.cookie === "none") return;
    d.cookie = N + "=" + value + ";path=/;max-age=" + seconds + ";samesite=lax" +
      (o.domain ? ";domain=" + o.domain : "") + (location.protocol === "https:" ? ";secure" : "");
  }
  function fill() {
    d.querySelectorAll("input[name=billfold_click]").forEach(function (i) { i.value = token || ""; });
  }
  function keep(value) {
    if (!ok.test(value)) return;
    token = value; put(value, days * 86400); fill();
    d.dispatchEvent(new CustomEvent("billfold:click", { detail: value }));
  }
  function run() {
    var click = q.get("ref_click"), code = q.get("ref") || q.get("via") || q.get("aff");
    if (click && ok.test(click)) {
      keep(click); q.delete("ref_click");
      history.replaceState(history.state, "", location.pathname + (q + "" ? "?" + q : "") + location.hash);
    } else if (code && code.length < 65) {
      fetch(new URL("/v1/affiliate/track", s.src), {
        method: "POST", keepalive: true, headers: { "content-type": "application/json", "x-api-key": o.key },
        body: JSON.stringify({ code: code, url: location.origin + location.pathname, referrer: d.referrer,
          consent: consent, clickToken: token })
      }).then(function (r) { return r.ok && r.json(); }).then(function (a) { if (a) keep(a.clickToken); })
        .catch(function () {});
    }
  }
  token = o.cookie === "none" ? null : cookie();
  w.billfold = {
    token: function () { return token; },
    consent: function (yes) {
      if (yes && !consent) { consent = "granted"; run(); }
      if (!yes) { consent = null; token = null; put("", 0); fill(); }
    }
  };
  if (consent) run();
  d.addEventListener("DOMContentLoaded", fill);
})(document, window);
