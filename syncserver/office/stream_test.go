package office

import (
	"bufio"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"quachot/internal/credential"
	"quachot/internal/record"
)

// event is one server-sent event as a browser sees it.
type event struct{ name, data string }

// listen opens the stream; the channel closes when it ends.
func (v *visitor) listen() <-chan event {
	v.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	v.t.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, "GET", v.base+"/events", nil)
	if err != nil {
		v.t.Fatal(err)
	}
	res, err := v.http.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	if got := res.Header.Get("Content-Type"); res.StatusCode != 200 || got != "text/event-stream" {
		v.t.Fatalf("stream: %s, %q", res.Status, got)
	}
	out := make(chan event)
	go func() {
		defer close(out)
		defer res.Body.Close()
		lines := bufio.NewScanner(res.Body)
		lines.Buffer(nil, 1<<20)
		var e event
		for lines.Scan() {
			name, value, _ := strings.Cut(lines.Text(), ":")
			value = strings.TrimPrefix(value, " ")
			switch name {
			case "event":
				e.name = value
			case "data":
				e.data += value + "\n"
			case "":
				select {
				case out <- e:
				case <-ctx.Done():
					return
				}
				e = event{}
			}
		}
	}()
	return out
}

// next skips to the next event of that name.
func next(t *testing.T, events <-chan event, name string) event {
	t.Helper()
	limit := time.After(20 * time.Second)
	for {
		select {
		case e, ok := <-events:
			if !ok {
				t.Fatalf("the stream ended before %q", name)
			}
			if e.name == name {
				return e
			}
		case <-limit:
			t.Fatalf("no %q within 20 s", name)
		}
	}
}

func scanOf(name string, verdict record.Verdict) Record {
	now := time.Now()
	return Record{
		Received: now, At: now, Station: "460001", Post: "PB1", PostName: "Chốt Phú Bài", Lane: "1", Kind: record.KindScan,
		Scan: &record.Scan{Direction: record.In, Reading: credential.CCCD, Trust: credential.Unverified, Verdict: verdict, Name: name, Birth: "1987-01-18"},
	}
}

func TestStreamDelivers(t *testing.T) {
	f := newFake()
	v := serve(t, f, f.deps()).login("viewer")
	events := v.listen()
	if e := next(t, events, eventReset); !strings.Contains(e.data, "Chưa có bản ghi nào") {
		t.Errorf("first event of an empty office: %q", e.data)
	}
	next(t, events, eventBeat)

	f.arrive(scanOf("HỒ THỊ B", record.Check))
	if e := next(t, events, eventReset); !strings.Contains(e.data, "HỒ THỊ B") || !strings.Contains(e.data, `id="rows"`) {
		t.Errorf("the first record must bring the table: %q", e.data)
	}
	f.arrive(scanOf("TRẦN VĂN C", record.Stop))
	e := next(t, events, eventRecord)
	if !strings.Contains(e.data, "TRẦN VĂN C") || !strings.Contains(e.data, "DỪNG LẠI") || strings.Contains(e.data, "HỒ THỊ B") {
		t.Errorf("second record: %q", e.data)
	}
	if e := next(t, events, eventAnnounce); !strings.Contains(e.data, "DỪNG LẠI tại Chốt Phú Bài") {
		t.Errorf("announcement: %q", e.data)
	}

	f.change(func() { f.stations = []Station{{ID: "460001", Name: "Làn 1", Enrolled: true, Connected: true}} })
	if e := next(t, events, eventStations); !strings.Contains(e.data, "Làn 1") || !strings.Contains(e.data, "Đang nối") {
		t.Errorf("stations: %q", e.data)
	}
}

// A station that empties its backlog must not flood a browser.
func TestStreamPassesOverABacklog(t *testing.T) {
	f := newFake()
	f.arrive(scanOf("ĐẦU TIÊN", record.Pass))
	v := serve(t, f, f.deps()).login("viewer")
	events := v.listen()
	next(t, events, eventBeat)
	many := make([]Record, 5000)
	for i := range many {
		many[i] = scanOf("NGƯỜI", record.Pass)
	}
	f.arrive(many...)
	e := next(t, events, eventReset)
	if got := strings.Count(e.data, "<tr data-n") + strings.Count(e.data, `<tr class`); got != feedRows {
		t.Errorf("got %d rows, want %d", got, feedRows)
	}
	if !strings.Contains(e.data, "4.940") || !strings.Contains(e.data, "Tất cả đã được lưu") {
		t.Errorf("it does not say how many were passed over: %.600q", e.data)
	}
	f.arrive(scanOf("SAU CÙNG", record.Pass))
	if e := next(t, events, eventRecord); !strings.Contains(e.data, "SAU CÙNG") || strings.Contains(e.data, "NGƯỜI") {
		t.Errorf("after the backlog: %q", e.data)
	}
}

func TestStreamTellsABrokenStoreAndRecovers(t *testing.T) {
	f := newFake()
	f.arrive(scanOf("A", record.Pass))
	v := serve(t, f, f.deps()).login("viewer")
	events := v.listen()
	next(t, events, eventBeat)
	f.breakStore(errors.New("disk on fire"))
	e := next(t, events, eventFault)
	if !strings.Contains(e.data, "Bản ghi đã nhận vẫn an toàn") || strings.Contains(e.data, "fire") {
		t.Errorf("fault: %q", e.data)
	}
	v.want(v.get("/"), http.StatusServiceUnavailable, "Bản ghi đã nhận vẫn an toàn")
	v.want(v.get("/stations"), http.StatusServiceUnavailable, "Bản ghi đã nhận vẫn an toàn")
	f.breakStore(nil)
	if e := next(t, events, eventReset); !strings.Contains(e.data, "<b>A") {
		t.Errorf("reset after the fault: %q", e.data)
	}
	if e := next(t, events, eventFault); strings.TrimSpace(e.data) != "" {
		t.Errorf("the fault stays: %q", e.data)
	}
}

func TestStreamEndsWithItsVisitor(t *testing.T) {
	f := newFake()
	v := serve(t, f, f.deps()).login("viewer")
	ctx, cancel := context.WithCancel(context.Background())
	r, _ := http.NewRequestWithContext(ctx, "GET", v.base+"/events", nil)
	res, err := v.http.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	res.Body.Close()
	waitFor(t, "the stream to end", func() bool { return f.streams() == 0 })
}

// A server that shuts down must not wait for boards left open.
func TestCloseEndsStreams(t *testing.T) {
	f := newFake()
	f.accounts["viewer"] = Account{Name: "viewer", Role: Viewer, Password: testHash()}
	pages := New(f.deps())
	server := httptest.NewServer(pages)
	t.Cleanup(server.Close)
	events := newVisitor(t, server.URL).login("viewer").listen()
	next(t, events, eventBeat)
	pages.Close()
	for range events {
	}
	pages.Close()
}

// A board left open must not outlive its session.
func TestStreamSaysGoodbyeAfterLogout(t *testing.T) {
	f := newFake()
	f.accounts["viewer"] = Account{Name: "viewer", Role: Viewer, Password: testHash()}
	pages := New(f.deps())
	pages.beat = 20 * time.Millisecond
	t.Cleanup(pages.Close)
	server := httptest.NewServer(pages)
	t.Cleanup(server.Close)
	v := newVisitor(t, server.URL).login("viewer")
	events := v.listen()
	next(t, events, eventBeat)
	v.post("/logout")
	next(t, events, eventBye)
	for range events {
	}
}

// waitFor polls, for what leaves no other trace.
func waitFor(t *testing.T, what string, done func() bool) {
	t.Helper()
	for limit := time.Now().Add(20 * time.Second); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatalf("waited 20 s for %s", what)
		}
	}
}
