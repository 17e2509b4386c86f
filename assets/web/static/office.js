// What the board needs beyond htmx and its event stream: say when the stream is
// lost, bring it back, keep the list short, pause it, leave when logged out.
(function () {
  'use strict';
  var most = 60; // rows kept, as the server sends at a reset
  var silence = 45000; // ms without a beat (one every 15 s) until the stream counts as lost
  var lastBeat = Date.now();
  var paused = false;

  function byId(id) { return document.getElementById(id); }

  function lost(is) {
    byId('lost').hidden = !is;
    byId('pulse').classList.toggle('off', is);
  }

  // renew opens the stream again: the fresh element connects, the old one's
  // stream closes itself because its element is gone. The first event brings
  // the whole list.
  function renew() {
    var old = byId('live');
    var fresh = old.cloneNode(true);
    old.replaceWith(fresh);
    window.htmx.process(fresh);
    showPause();
    lastBeat = Date.now();
  }

  function showPause() {
    var button = byId('pause');
    button.hidden = false;
    button.setAttribute('aria-pressed', String(paused));
    button.textContent = paused ? button.dataset.go : button.dataset.pause;
    byId('live').classList.toggle('paused', paused);
  }

  document.addEventListener('click', function (e) {
    if (!e.target.closest || !e.target.closest('#pause')) return;
    paused = !paused;
    if (paused) showPause();
    else { renew(); byId('pause').focus(); }
  });

  // The list of stations is replaced whole: it keeps its place and the focus.
  var place = null;
  function remember() {
    var box = document.querySelector('#live .scroll');
    place = box && { top: box.scrollTop, focus: document.activeElement === box };
  }
  function restore() {
    var box = document.querySelector('#live .scroll');
    if (!box || !place) return;
    box.scrollTop = place.top;
    if (place.focus) box.focus({ preventScroll: true });
  }

  document.addEventListener('htmx:sseOpen', function () { lost(false); lastBeat = Date.now(); });
  document.addEventListener('htmx:sseError', function () { lost(true); });
  document.addEventListener('htmx:sseBeforeMessage', function (e) {
    var type = e.detail.type;
    if (paused && (type === 'record' || type === 'reset')) e.preventDefault();
    if (type === 'stations') remember();
  });
  document.addEventListener('htmx:sseMessage', function (e) {
    if (e.detail.type === 'beat') { lastBeat = Date.now(); lost(false); }
    if (e.detail.type === 'stations') restore();
    var rows = byId('rows');
    while (rows && rows.children.length > most) rows.lastElementChild.remove();
  });
  document.addEventListener('htmx:sseClose', function (e) {
    if (e.detail.type === 'message') window.location.assign('/login?ended');
  });

  window.setInterval(function () {
    if (Date.now() - lastBeat < silence) return;
    lost(true);
    renew();
  }, 5000);

  showPause();
})();
