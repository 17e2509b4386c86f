package office

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"time"

	"quachot/internal/record"
	"quachot/internal/text"
)

// Rhythm of a stream: it gathers what arrives for gather before it sends, so
// that a station emptying its backlog costs four small updates a second; every
// beat it tells the time, looks at the stations again and whether the visitor is
// still logged in. A browser that does not take an answer for slow is let go.
const (
	gather = 250 * time.Millisecond
	beat   = 15 * time.Second
	slow   = 30 * time.Second
)

// The events of a stream, and what the page does with their HTML.
//
//	stations  replaces the list of stations
//	reset     replaces the list of records: first event of every connection
//	record    rows put before the others, newest first
//	announce  a sentence for screen readers: somebody was stopped
//	fault     fills the line that says the store cannot be read; empty = it can again
//	beat      the office's time; a page that misses it for long says so
//	bye       the visitor is logged out; the page goes to the login
const (
	eventStations = "stations"
	eventReset    = "reset"
	eventRecord   = "record"
	eventAnnounce = "announce"
	eventFault    = "fault"
	eventBeat     = "beat"
	eventBye      = "bye"
)

// stream is one open board. It is owned by the goroutine of its request.
type stream struct {
	p       *Pages
	w       http.ResponseWriter
	out     *http.ResponseController
	texts   *text.Catalogue
	account Account

	last     uint64 // highest N sent
	empty    bool   // the page shows "no record yet"
	fault    bool   // the page shows that the store cannot be read
	stations []byte // as last sent
}

// events answers GET /events with server-sent events until the visitor leaves,
// is logged out, or the office closes.
func (p *Pages) events(w http.ResponseWriter, r *http.Request) {
	select {
	case p.streams <- struct{}{}:
		defer func() { <-p.streams }()
	default:
		http.Error(w, "too many open boards", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.WriteHeader(http.StatusOK)
	s := &stream{p: p, w: w, out: http.NewResponseController(w), texts: p.texts(r), account: accountOf(r)}
	if err := s.run(r); err != nil {
		p.deps.Log.Debug("stream ended", "error", err)
	}
}

// run wakes first and reads then, so that nothing falls between.
func (s *stream) run(r *http.Request) error {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	wake := s.p.deps.Records.Wake(ctx)
	ticker := time.NewTicker(s.p.beat)
	defer ticker.Stop()
	if err := s.tick(ctx, s.reset); err != nil {
		return err
	}
	for {
		send := s.news
		select {
		case <-ctx.Done():
			return nil
		case <-s.p.closing:
			return nil
		case <-ticker.C:
			if !s.welcome(r) {
				return s.send(eventBye, nil)
			}
		case <-wake:
			if !pause(ctx, gather) {
				return nil
			}
		}
		if s.fault {
			send = s.reset
		}
		if err := s.tick(ctx, send); err != nil {
			return err
		}
	}
}

func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

// welcome says whether the visitor still has a session and an account.
func (s *stream) welcome(r *http.Request) bool {
	if !s.p.sessions.alive(r) {
		return false
	}
	a, err := s.p.deps.Accounts.Account(r.Context(), s.account.Name)
	if err != nil {
		return !errors.Is(err, ErrNotFound) // a store in trouble is told by tick
	}
	s.account = a
	return a.Role.Includes(Viewer)
}

// tick sends records by way of send, the stations if they changed, and the
// time. A store that cannot be read is shown, not a reason to end.
func (s *stream) tick(ctx context.Context, send func(context.Context) error) error {
	err := send(ctx)
	if err == nil {
		err = s.sendStations(ctx)
	}
	var broken *brokenPipe
	switch {
	case errors.As(err, &broken):
		return err
	case err != nil && ctx.Err() == nil:
		s.p.deps.Log.Error("board not read", "error", err)
		if err := s.setFault(true); err != nil {
			return err
		}
	case err == nil:
		if err := s.setFault(false); err != nil {
			return err
		}
	}
	return s.send(eventBeat, []byte(s.p.deps.Now().In(hanoi).Format("15:04:05")))
}

// reset sends the newest records as they are now.
func (s *stream) reset(ctx context.Context) error {
	feed, err := s.p.feedView(ctx, s.texts, s.p.deps.Now())
	if err != nil {
		return err
	}
	return s.sendFeed(feed)
}

func (s *stream) sendFeed(feed feedView) error {
	b, err := s.p.views.fragment(s.texts.Lang(), "board", "feed", feed)
	if err != nil {
		return err
	}
	s.last, s.empty = feed.last, len(feed.Rows) == 0
	return s.send(eventReset, b)
}

// news sends the records after the last one sent. More than a screenful of them
// is sent as a new screen that says how many were passed over.
func (s *stream) news(ctx context.Context) error {
	all, err := s.p.deps.Records.After(ctx, s.last, feedRows)
	if err != nil || len(all) == 0 {
		return err
	}
	if len(all) >= feedRows || s.empty {
		return s.jump(ctx)
	}
	now := s.p.deps.Now()
	slices.Reverse(all)
	rows := recordRows(s.texts, all, now)
	for i := range rows {
		rows[i].New = true
	}
	b, err := s.p.views.fragment(s.texts.Lang(), "board", "rows", rows)
	if err != nil {
		return err
	}
	s.last = max(s.last, highest(all))
	if err := s.send(eventRecord, b); err != nil {
		return err
	}
	return s.announce(all)
}

func (s *stream) jump(ctx context.Context) error {
	before := s.last
	feed, err := s.p.feedView(ctx, s.texts, s.p.deps.Now())
	if err != nil {
		return err
	}
	if skipped := int64(feed.last-before) - int64(len(feed.Rows)); skipped > 0 && !s.empty {
		feed.Skipped = s.texts.T("office.board.skipped", "n", number(s.texts, uint64(skipped)))
	}
	return s.sendFeed(feed)
}

// announce tells the newest stop.
func (s *stream) announce(newest []Record) error {
	for _, r := range newest {
		if r.Scan == nil || r.Scan.Verdict != record.Stop {
			continue
		}
		row := newRecordRow(s.texts, r, s.p.deps.Now())
		words := s.texts.T("office.board.stop-at", "post", row.Post, "time", row.Time)
		return s.send(eventAnnounce, []byte(template.HTMLEscapeString(words)))
	}
	return nil
}

func (s *stream) sendStations(ctx context.Context) error {
	view, err := s.p.stationsView(ctx, s.texts, s.account, s.p.deps.Now())
	if err != nil {
		return err
	}
	b, err := s.p.views.fragment(s.texts.Lang(), "board", "stations", view)
	if err != nil || bytes.Equal(b, s.stations) {
		return err
	}
	s.stations = b
	return s.send(eventStations, b)
}

func (s *stream) setFault(fault bool) error {
	if s.fault == fault {
		return nil
	}
	s.fault = fault
	var words string
	if fault {
		words = template.HTMLEscapeString(s.texts.T("office.board.fault"))
	}
	return s.send(eventFault, []byte(words))
}

// brokenPipe is an error of writing to the browser, apart from those of reading
// the store.
type brokenPipe struct{ err error }

func (b *brokenPipe) Error() string { return "write to browser: " + b.err.Error() }
func (b *brokenPipe) Unwrap() error { return b.err }

// send writes one event; each line of data has its own field, as the format of
// server-sent events wants it.
func (s *stream) send(event string, data []byte) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "event: %s\n", event)
	for line := range bytes.Lines(data) {
		fmt.Fprintf(&b, "data: %s\n", bytes.TrimRight(line, "\r\n"))
	}
	if len(data) == 0 {
		b.WriteString("data:\n")
	}
	b.WriteString("\n")
	// A server that knows no deadlines still may flush.
	_ = s.out.SetWriteDeadline(time.Now().Add(slow))
	if _, err := s.w.Write(b.Bytes()); err != nil {
		return &brokenPipe{err}
	}
	if err := s.out.Flush(); err != nil {
		return &brokenPipe{err}
	}
	return nil
}
