package ipp

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"quachot/hardware/printer"
	"quachot/hardware/printer/printertest"
)

// step is how the fake printer is at one look; the last one stays.
type step struct {
	job     int // state of the job; 0 = answers nothing
	why     string
	printer int
	reasons []string
}

// fake is a printer that goes through its steps, one at each look at a job.
type fake struct {
	mu      sync.Mutex
	steps   []step
	now     step
	refuse  uint16 // status of Print-Job
	http    int    // status of everything
	cut     bool   // Print-Job takes all and answers nothing
	garbage bool   // answers a web page, as a captive portal does
	asked   []uint16
	job     []attr // attributes of the last job
	doc     []byte
	jobs    int32
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b, _ := io.ReadAll(r.Body)
	m, doc, err := decode(b)
	if err != nil {
		http.Error(w, "bad", http.StatusBadRequest)
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked = append(f.asked, m.code)
	switch {
	case f.http != 0:
		w.WriteHeader(f.http)
		return
	case f.garbage:
		_, _ = w.Write([]byte("<html>Đăng nhập Wi-Fi</html>"))
		return
	}
	answer := message{id: m.id, groups: []group{{tagOperation, nil}}}
	switch m.code {
	case opPrintJob:
		f.doc, f.jobs = doc, f.jobs+1
		for _, g := range m.groups {
			if g.tag == tagJob {
				f.job = g.attrs
			}
		}
		if f.cut {
			panic(http.ErrAbortHandler)
		}
		answer.code = f.refuse
		answer.groups = append(answer.groups, group{tagJob, []attr{number(tagInteger, "job-id", 40+f.jobs)}})
	case opJobAttributes:
		if len(f.steps) > 0 {
			f.now, f.steps = f.steps[0], f.steps[1:]
		}
		if f.now.job == 0 {
			panic(http.ErrAbortHandler)
		}
		if f.now.job < 0 || string(m.first(tagOperation)["job-id"][0].b) == "\x00\x0f\x12\x06" { // 987654
			answer.code = statusNotFound
			break
		}
		answer.groups = append(answer.groups, group{tagJob, []attr{number(tagEnum, "job-state", int32(f.now.job)), word(tagKeyword, "job-state-reasons", f.now.why)}})
	case opPrinterAttrs:
		state := f.now.printer
		if state == 0 {
			state = printerIdle
		}
		answer.groups = append(answer.groups, group{tagPrinter, []attr{
			number(tagEnum, "printer-state", int32(state)), word(tagKeyword, "printer-state-reasons", append(f.now.reasons, "none")...),
			word(tagKeyword, "media-supported", "iso_a4_210x297mm", "iso_a5_148x210mm"), word(tagKeyword, "media-default", "iso_a4_210x297mm"),
			{"marker-levels", []value{number(tagInteger, "", 8).values[0], number(tagInteger, "", -3).values[0]}}, word(tagName, "marker-names", "Ribbon", "K"),
		}})
	case opCancelJob:
		f.now, f.steps = step{job: jobCanceled}, nil
	}
	_, _ = w.Write(answer.encode())
}

// serve runs the fake where no network is needed: over pipes in memory, so that
// time can be played.
func serve(t *testing.T, f *fake) *Printer {
	t.Helper()
	p, err := Open("//printer.local/ipp/print")
	if err != nil {
		t.Fatal(err)
	}
	listener := &pipes{c: make(chan net.Conn), done: make(chan struct{})}
	server := &httptest.Server{Listener: listener, Config: &http.Server{Handler: f}}
	server.Start()
	t.Cleanup(server.Close)
	p.c.http.Transport.(*http.Transport).DialContext = listener.dial
	return p
}

type pipes struct {
	c    chan net.Conn
	done chan struct{}
	once sync.Once
}

func (l *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	a, b := net.Pipe()
	select {
	case l.c <- b:
		return a, nil
	case <-l.done:
		return nil, errors.New("connection refused")
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (l *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-l.c:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

func (l *pipes) Close() error {
	l.once.Do(func() { close(l.done) })
	return nil
}

func (l *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 631} }

func TestConformanceWithFake(t *testing.T) {
	printertest.Run(t, printertest.Options{}, func(t *testing.T) printer.Printer {
		p := serve(t, &fake{steps: []step{{job: 5}, {job: 5, printer: 4}, {job: jobCompleted}}})
		p.every = time.Millisecond
		return p
	})
}

func TestWaitUnderstandsThePrinter(t *testing.T) {
	processing := step{job: 5, printer: printerProcessing}
	out := step{job: 5, printer: printerStopped, reasons: []string{"media-empty-warning"}}
	for _, c := range []struct {
		name  string
		steps []step
		want  error
	}{
		{"printed", []step{{job: 3}, processing, {job: jobCompleted}}, nil},
		{"paper runs out", []step{processing, out}, printer.ErrNoCards},
		{"an error in its own words", []step{processing, {job: 6, printer: 5, reasons: []string{"hết giấy"}}}, printer.ErrAttention},
		{"a warning while it prints", []step{{job: 5, printer: 4, reasons: []string{"media-empty-warning"}}, processing, {job: jobCompleted}}, nil},
		{"a warning that stays", []step{{job: 5, printer: 4, reasons: []string{"media-empty-warning"}}}, printer.ErrNoCards},
		{"stops for a moment as it wakes", []step{out, out, processing, {job: jobCompleted}}, nil},
		{"a jam", []step{{job: 5, printer: 4, reasons: []string{"media-jam-error"}}}, printer.ErrJam},
		{"held", []step{{job: 4, why: "job-hold-until-specified"}}, printer.ErrAttention},
		{"cancelled there", []step{processing, {job: jobCanceled, why: "job-canceled-by-operator"}}, printer.ErrCancelled},
		{"it gave up", []step{{job: jobAborted, why: "aborted-by-system"}}, printer.ErrUncertain},
		{"completed with errors", []step{{job: jobCompleted, why: "job-completed-with-errors"}}, printer.ErrUncertain},
		{"the job is forgotten", []step{processing, {job: -1}}, printer.ErrUncertain},
		{"it falls silent", []step{processing, {}}, printer.ErrUncertain},
		{"silent for a moment", []step{processing, {}, {}, processing, {job: jobCompleted}}, nil},
		{"prints for ever", []step{processing}, printer.ErrUncertain},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := serve(t, &fake{steps: c.steps})
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				if err := p.Wait(ctx, "41"); !errors.Is(err, c.want) {
					t.Errorf("got %v, want %v", err, c.want)
				}
			})
		})
	}
}

// What becomes of a job that cannot be handed in: only where bytes may have gone
// is anything in doubt, and nothing is ever sent twice.
func TestPrintSaysWhatIsKnown(t *testing.T) {
	for _, c := range []struct {
		name string
		fake *fake
		want error
	}{
		{"refused", &fake{refuse: 0x040a}, printer.ErrRefused},
		{"takes no jobs", &fake{refuse: 0x0506}, printer.ErrRefused},
		{"no such queue", &fake{refuse: statusNotFound}, printer.ErrUnknown},
		{"no such page", &fake{http: 404}, printer.ErrUnknown},
		{"forbidden", &fake{http: 403}, printer.ErrRefused},
		{"moved", &fake{http: 302}, printer.ErrRefused},
		{"wants a password", &fake{http: 401}, printer.ErrRefused},
		{"broken inside", &fake{http: 500}, printer.ErrUncertain},
		{"the wire is cut", &fake{cut: true}, printer.ErrUncertain},
		{"a captive portal", &fake{garbage: true}, printer.ErrUncertain},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := serve(t, c.fake)
			id, err := p.Print(t.Context(), printertest.PDF())
			if !errors.Is(err, c.want) || id != "" {
				t.Errorf("got %q, %v, want %v", id, err, c.want)
			}
			if c.want != printer.ErrUncertain && errors.Is(err, printer.ErrUncertain) {
				t.Errorf("in doubt without need: %v", err)
			}
			sent := 0
			for _, op := range c.fake.asked {
				if op == opPrintJob {
					sent++
				}
			}
			if sent > 1 {
				t.Errorf("sent %d times", sent)
			}
		})
	}
	p := serve(t, &fake{})
	p.c.http.Transport.(*http.Transport).DialContext = func(context.Context, string, string) (net.Conn, error) {
		return nil, errors.New("no route")
	}
	if _, err := p.Print(t.Context(), printertest.PDF()); !errors.Is(err, printer.ErrLost) {
		t.Errorf("not there: %v, want ErrLost", err)
	}
}

// A printer busy with another job has taken nothing: it is asked again.
func TestBusyIsAskedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{refuse: statusBusy}
		p := serve(t, f)
		go func() {
			time.Sleep(5 * time.Second)
			f.mu.Lock()
			f.refuse = 0
			f.mu.Unlock()
		}()
		if id, err := p.Print(t.Context(), printertest.PDF()); err != nil || id == "" {
			t.Errorf("%q, %v", id, err)
		}
		f.mu.Lock()
		f.refuse = statusBusy
		f.mu.Unlock()
		ctx, cancel := context.WithTimeout(t.Context(), 60250*time.Millisecond) // between two tries
		defer cancel()
		if _, err := p.Print(ctx, printertest.PDF()); !errors.Is(err, printer.ErrRefused) {
			t.Errorf("busy for ever: %v, want ErrRefused", err)
		}
	})
}

func TestPaperIsNamed(t *testing.T) {
	for _, c := range []struct {
		w, h float64
		want string
	}{
		{210, 297, "copies media=iso_a4_210x297mm print-scaling=none"},
		{210, 148, "copies media=iso_a5_148x210mm print-scaling=none"},
		{85.6, 53.98, "copies print-scaling=none"},
		{297, 420, "copies print-scaling=fit"},
		{0, 0, "copies"},
	} {
		f := &fake{}
		p := serve(t, f)
		if _, err := p.Print(t.Context(), printer.Page{PDF: []byte("x"), Width: c.w, Height: c.h}); err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, a := range f.job {
			got += " " + a.name
			if v := a.values[0]; v.tag == tagKeyword {
				got += "=" + string(v.b)
			}
		}
		if got = strings.TrimSpace(got); got != c.want {
			t.Errorf("%g x %g: %q, want %q", c.w, c.h, got, c.want)
		}
	}
	w, h, err := serve(t, &fake{}).Paper(t.Context())
	if err != nil || w != 210 || h != 297 {
		t.Errorf("paper %g x %g, %v", w, h, err)
	}
}

func TestHealth(t *testing.T) {
	f := &fake{now: step{printer: printerStopped, reasons: []string{"media-empty-error", "marker-supply-low-warning"}}}
	h, err := serve(t, f).Health(t.Context())
	if err != nil || h.State != printer.Stopped || !slices.Equal(h.Reasons, []string{"marker-supply-low", "media-empty"}) ||
		!slices.Equal(h.Levels, []printer.Level{{Name: "Ribbon", Percent: 8}, {Name: "K", Percent: -1}}) {
		t.Errorf("%+v, %v", h, err)
	}
	h, err = serve(t, &fake{http: 500}).Health(t.Context())
	if !errors.Is(err, printer.ErrLost) || h.State != printer.Lost {
		t.Errorf("%+v, %v", h, err)
	}
}

func TestCancel(t *testing.T) {
	f := &fake{now: step{job: 5}}
	if err := serve(t, f).Cancel(t.Context(), "41"); err != nil {
		t.Error(err)
	}
	if err := serve(t, &fake{http: 500}).Cancel(t.Context(), "41"); !errors.Is(err, printer.ErrUncertain) {
		t.Errorf("got %v, want ErrUncertain", err)
	}
}

func TestOpen(t *testing.T) {
	t.Setenv("CUPS_SERVER", "cups.example")
	for _, c := range []struct{ device, base, path string }{
		{"HP_LaserJet", "http://cups.example:631", "/printers/HP_LaserJet"},
		{"Máy in 1", "http://cups.example:631", "/printers/M%C3%A1y%20in%201"},
		{"//10.0.0.7/ipp/print", "http://10.0.0.7:631", "/ipp/print"},
		{"//[fe80::1]:8631/ipp/print", "http://[fe80::1]:8631", "/ipp/print"},
		{"//[fe80::1]/", "http://[fe80::1]:631", "/"},
	} {
		p, err := Open(c.device)
		if err != nil || p.c.base != c.base || p.path != c.path {
			t.Errorf("%s: %+v, %v", c.device, p, err)
		}
	}
	for _, bad := range []string{"", "a/b", "//", "///x", "//user@host/x", "a#b"} {
		if _, err := Open(bad); !errors.Is(err, printer.ErrUnknown) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
