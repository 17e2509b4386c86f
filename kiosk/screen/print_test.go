package screen

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"quachot/hardware"
	"quachot/hardware/printer"
	"quachot/hardware/printer/folder"
	"quachot/internal/paper"
	"quachot/internal/text"
)

// slowPrinter takes a job after a while and then says what its script says.
type slowPrinter struct {
	accept time.Duration
	refuse error
	waits  []error // what Wait says, one call each; then it waits until ctx ends
	cancel error
	width  float64

	mu      sync.Mutex
	pages   []printer.Page
	cancels int
}

func (p *slowPrinter) Print(ctx context.Context, page printer.Page) (printer.JobID, error) {
	select {
	case <-time.After(p.accept):
	case <-ctx.Done():
		return "", fmt.Errorf("%w: %w", printer.ErrUncertain, ctx.Err())
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.refuse != nil {
		return "", p.refuse
	}
	p.pages = append(p.pages, page)
	return printer.JobID(fmt.Sprint(len(p.pages))), nil
}

func (p *slowPrinter) Wait(ctx context.Context, _ printer.JobID) error {
	p.mu.Lock()
	var err error
	scripted := len(p.waits) > 0
	if scripted {
		err, p.waits = p.waits[0], p.waits[1:]
	}
	p.mu.Unlock()
	if scripted {
		return err
	}
	<-ctx.Done()
	return fmt.Errorf("%w: %w", printer.ErrUncertain, ctx.Err())
}

func (p *slowPrinter) Cancel(context.Context, printer.JobID) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cancels++
	return p.cancel
}

func (p *slowPrinter) Paper(context.Context) (float64, float64, error) {
	if p.width == 0 {
		return 0, 0, printer.ErrUnknown
	}
	return p.width, 200, nil
}

// counted keeps the rest of a printer away from what a test counts.
func (p *slowPrinter) cancelled() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.cancels
}

var oneSlip = Paper{Name: "handover-slip", Data: map[string]string{
	"decision": "to-quarantine", "name": "HỒ THỊ ỬNG", "at": "2021-11-22T14:32:00+07:00", "record": "8f1e02ab000000000000000000000000/212",
}}

// bench runs papers on p and collects the news.
func printBench(t *testing.T, p printer.Printer) (papers *Papers, told func() []PrintNews) {
	t.Helper()
	var mu sync.Mutex
	var news []PrintNews
	papers = NewPapers(PapersConfig{
		Open: func(context.Context) (hardware.OpenedPrinter, error) {
			return hardware.OpenedPrinter{Printer: p, Spec: "ipp:HP", Name: "HP"}, nil
		},
		Words: text.Load("vi"),
		Later: func(n PrintNews) { mu.Lock(); defer mu.Unlock(); news = append(news, n) },
	})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); _ = papers.Run(ctx) }()
	t.Cleanup(func() { stop(); <-ended })
	return papers, func() []PrintNews { mu.Lock(); defer mu.Unlock(); return slices.Clone(news) }
}

// The lane never waits longer than a moment for a printer, whatever that does,
// and what becomes of the paper is told, once, with the right words.
func TestPrintingNeverHoldsTheLaneUp(t *testing.T) {
	vi := text.Load("vi")
	for _, c := range []struct {
		name    string
		printer *slowPrinter
		where   string // part of the answer
		fault   string // or part of the error
		news    []string
		cancels int
	}{
		{"prints at once", &slowPrinter{waits: []error{nil}}, "máy in HP", "", nil, 0},
		{"is slow", &slowPrinter{accept: 10 * time.Second, waits: []error{nil}}, "chưa trả lời", "", []string{"done"}, 0},
		{"hangs", &slowPrinter{accept: time.Hour}, "chưa trả lời", "", []string{"uncertain"}, 0},
		{"is not there", &slowPrinter{refuse: printer.ErrLost}, "", "không kết nối được máy in HP", nil, 0},
		{"is not there, as is known late", &slowPrinter{accept: 5 * time.Second, refuse: printer.ErrLost}, "chưa trả lời", "", []string{"lost"}, 0},
		{"refuses", &slowPrinter{refuse: printer.ErrRefused}, "", "không nhận lệnh in", nil, 0},
		{"runs out of paper and is filled", &slowPrinter{waits: []error{printer.ErrNoCards, printer.ErrNoCards, nil}}, "máy in HP", "", []string{"paper waiting", "done"}, 0},
		{"jams, then its cover is open", &slowPrinter{waits: []error{printer.ErrJam, printer.ErrAttention, nil}}, "máy in HP", "", []string{"jam waiting", "attention waiting", "done"}, 0},
		{"stays out of paper", &slowPrinter{waits: repeat(printer.ErrNoCards, 200)}, "máy in HP", "", []string{"paper waiting", "cancelled"}, 1},
		{"stays so and cannot be cancelled", &slowPrinter{waits: repeat(printer.ErrNoCards, 200), cancel: errors.New("no")}, "máy in HP", "", []string{"paper waiting", "uncertain"}, 1},
		{"never ends", &slowPrinter{}, "máy in HP", "", []string{"cancelled"}, 1},
		{"was cancelled there", &slowPrinter{waits: []error{printer.ErrCancelled}}, "máy in HP", "", []string{"cancelled"}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				papers, told := printBench(t, c.printer)
				asked := time.Now()
				where, err := papers.Print(t.Context(), oneSlip)
				if took := time.Since(asked); took > 2*time.Second {
					t.Errorf("the lane waited %v", took)
				}
				if (c.fault == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), c.fault) || !strings.Contains(where, c.where) {
					t.Errorf("answered %q, %v", where, err)
				}
				time.Sleep(10 * time.Minute)
				var got []string
				for _, n := range told() {
					key := "done"
					if n.Err != nil {
						key = faultKey(n.Err)
					}
					if n.Waiting {
						key += " waiting"
					}
					got = append(got, key)
					m := newBench(t).Model
					m.words = vi
					m.printed(n)
					if s, _ := m.said(); s == "" || strings.Contains(s, "print.") || strings.Contains(s, "{") {
						t.Errorf("%+v is told as %q", n, s)
					}
				}
				if fmt.Sprint(got) != fmt.Sprint(c.news) {
					t.Errorf("told %q, want %q", got, c.news)
				}
				if c.printer.cancelled() != c.cancels {
					t.Errorf("cancelled %d times, want %d", c.printer.cancelled(), c.cancels)
				}
			})
		})
	}
}

// The bar over the lane has one line: on the smallest screen about 125 letters.
func TestPrintNewsFitsOneLine(t *testing.T) {
	for _, lang := range text.Languages() {
		for _, paper := range []string{"handover-slip", "shift", "form", "test-card", "samples"} {
			for _, f := range printFaults {
				for _, waits := range []bool{false, true} {
					if waits && !waiting(f.err) {
						continue
					}
					m := newBench(t).Model
					m.words = text.Load(lang)
					m.printed(PrintNews{Paper: paper, Printer: "HP_LaserJet_P1102", Err: f.err, Waiting: waits})
					if s, alarm := m.said(); len([]rune(s)) > 130 || !alarm {
						t.Errorf("%d letters: %q", len([]rune(s)), s)
					}
				}
			}
		}
	}
}

func repeat(err error, n int) []error {
	all := make([]error, n)
	for i := range all {
		all[i] = err
	}
	return all
}

// A printer that hangs fills the queue; then papers are refused at once, and
// nobody waits.
func TestPrintQueueIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		papers, _ := printBench(t, &slowPrinter{accept: time.Hour})
		var refused int
		for range printQueue + 4 {
			if _, err := papers.Print(t.Context(), oneSlip); err != nil {
				refused++
			}
		}
		if refused != 3 { // one is being printed
			t.Errorf("%d refused, want 3", refused)
		}
	})
}

func TestSlipFitsThePaperInThePrinter(t *testing.T) {
	for _, c := range []struct {
		width float64
		want  paper.Size
	}{{0, paper.A4}, {210, paper.A4}, {148, paper.A5}, {80, paper.Roll80}, {72.1, paper.Roll80}} {
		papers := NewPapers(PapersConfig{})
		p := hardware.OpenedPrinter{Printer: &slowPrinter{width: c.width}}
		if got := papers.size(t.Context(), p); got != c.want {
			t.Errorf("%g mm: %s, want %s", c.width, got, c.want)
		}
	}
}

func TestPrintIntoAFolderSaysTheFile(t *testing.T) {
	// In a bubble no time goes by while the machine is slow.
	synctest.Test(t, printIntoAFolder)
}

func printIntoAFolder(t *testing.T) {
	dir := t.TempDir()
	papers := NewPapers(PapersConfig{Words: text.Load("vi"), Open: func(context.Context) (hardware.OpenedPrinter, error) {
		return hardware.OpenedPrinter{Printer: &folder.Printer{Dir: dir}, Name: dir}, nil
	}})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); _ = papers.Run(ctx) }()
	defer func() { stop(); <-ended }()
	for _, name := range []string{"handover-slip", "shift", "form", "test-card", "samples"} {
		what := Paper{Name: name}
		if name == "handover-slip" {
			what = oneSlip
		}
		where, err := papers.Print(ctx, what)
		if err != nil || !strings.HasPrefix(where, "tệp quachot-") || !strings.HasSuffix(where, name+".pdf trong thư mục "+filepath.Base(dir)) {
			t.Errorf("%s: %q, %v", name, where, err)
		}
	}
	if where, err := papers.Print(ctx, Paper{Name: "poem"}); err == nil {
		t.Errorf("a poem is printed at %s", where)
	}
}

func TestDocumentReadsItsData(t *testing.T) {
	vi := text.Load("vi")
	facts := PaperFacts{Province: "Tỉnh Thừa Thiên Huế", Post: "Chốt A", Training: true}
	doc, err := Document(oneSlip, paper.A5, facts, vi)
	s, ok := doc.(paper.HandoverSlip)
	if err != nil || !ok || s.Size != paper.A5 || s.Record.Seq != 212 || s.Record.Segment[0] != 0x8f || s.At.Hour() != 14 || s.Post != "Chốt A" || !s.Training {
		t.Errorf("%+v, %v", doc, err)
	}
	doc, err = Document(Paper{"shift", map[string]string{"giving": "A (C001)", "count.unsent": "3", "count.pass": "7", "before.pass": "5", "count.zebra": "1", "to": "2021-11-22T14:32:00+07:00"}}, "", facts, vi)
	c := doc.(paper.ShiftSheet).Counts
	if err != nil || len(c) != 3 || c[0].Name != "pass" || c[0].Value != 7 || *c[0].Before != 5 || c[1].Name != "unsent" || c[1].Before != nil || c[2].Name != "zebra" {
		t.Errorf("%+v, %v", doc, err)
	}
	doc, err = Document(Paper{"form", map[string]string{"series": "A", "first": "7", "count": "2"}}, "", facts, vi)
	if f := doc.(paper.Form); err != nil || f.Series != "A" || f.First != 7 || f.Count != 2 || !f.Training {
		t.Errorf("%+v, %v", doc, err)
	}
	for _, bad := range []Paper{
		{Name: "poem"}, {Name: "handover-slip"}, {"handover-slip", map[string]string{"decision": "let-through"}},
		{"handover-slip", map[string]string{"decision": "to-test", "at": "now"}}, {"handover-slip", map[string]string{"decision": "to-test", "record": "8f/1"}},
		{"handover-slip", map[string]string{"decision": "to-test", "record": "8f1e02ab000000000000000000000000/0"}},
		{"form", map[string]string{"count": "-1"}}, {"shift", map[string]string{"count.pass": "many"}},
	} {
		if doc, err := Document(bad, paper.A4, facts, vi); !errors.Is(err, ErrPaper) {
			t.Errorf("%+v: got %+v, %v, want ErrPaper", bad, doc, err)
		}
	}
}

// What a printer's queue shows names nobody.
func TestTheQueueSeesNoNames(t *testing.T) {
	doc, err := Document(oneSlip, paper.A4, PaperFacts{}, text.Load("vi"))
	if err != nil {
		t.Fatal(err)
	}
	page, err := PageOf(doc, oneSlip.Name, text.Load("vi"))
	if err != nil || page.Title != "handover-slip" || page.Width != 210 || page.Height != 297 {
		t.Errorf("%q, %g x %g, %v", page.Title, page.Width, page.Height, err)
	}
}
