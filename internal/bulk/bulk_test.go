package bulk_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"quachot/internal/bulk"
	"quachot/internal/card"
	"quachot/internal/identity"
	"quachot/internal/people"
)

var issued = time.Date(2021, 11, 20, 1, 2, 3, 0, time.UTC)

// supply counts numbers of one station, at most atOnce a call.
type supply struct {
	next   uint32
	atOnce int
}

func (s *supply) reserve(_ context.Context, n int) ([]card.Number, error) {
	if s.atOnce > 0 {
		n = min(n, s.atOnce)
	}
	var numbers []card.Number
	for range n {
		number, err := card.NewNumber("460012", s.next)
		if err != nil {
			return nil, err
		}
		s.next++
		numbers = append(numbers, number)
	}
	return numbers, nil
}

// crowd is n people as a people file gives them.
func crowd(n int) []people.Person {
	names := []string{"Nguyễn Thị Minh Khai", "Lê Ân", "CÔNG TẰNG TÔN NỮ HOÀNG THỊ PHƯƠNG QUỲNH NHƯ NGUYỄN THỊ THUỲ", "Trần Văn Bình"}
	wards := []string{"19768", "19750", "20089"}
	all := make([]people.Person, n)
	for i := range all {
		all[i] = people.Person{Row: i + 2, Name: names[i%len(names)], Birth: []string{"1987-01-18", "1990"}[i%2], Sex: []string{"F", "M", ""}[i%3],
			Ward: wards[i%len(wards)], Hamlet: "Tổ 5", Documents: []identity.Document{{Kind: identity.CCCD, Number: fmt.Sprintf("%012d", i)}}}
	}
	return all
}

func job(t *testing.T, n int, format bulk.Format) bulk.Job {
	return bulk.Job{
		People: crowd(n), Out: filepath.Join(t.TempDir(), "out"), Format: format,
		Key: key(), KID: []byte("460012a1"), Issued: issued, Expires: issued.AddDate(1, 0, 0),
		Reserve: (&supply{next: 123}).reserve,
	}
}

func key() ed25519.PrivateKey { return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, 32)) }

func keyring() card.Keyring {
	return card.Keyring{{KID: []byte("460012a1"), Public: key().Public().(ed25519.PublicKey)}}
}

func TestRecordedBeforeAnyFileIsThere(t *testing.T) {
	for _, format := range []bulk.Format{bulk.A4, bulk.CR80, bulk.PNG} {
		t.Run(string(format), func(t *testing.T) {
			j := job(t, 7, format)
			j.Reserve = (&supply{next: 123, atOnce: 3}).reserve // blocks of 3, 3, 1
			var recorded []bulk.Issued
			var progress []int
			j.Record = func(_ context.Context, cards []bulk.Issued) error {
				for _, c := range cards {
					if _, err := os.Stat(filepath.Join(j.Out, c.File)); !errors.Is(err, os.ErrNotExist) {
						t.Errorf("%s is there before it is recorded", c.File)
					}
				}
				recorded = append(recorded, cards...)
				return nil
			}
			j.Progress = func(done, total int) { progress = append(progress, done, total) }
			s, err := bulk.Issue(t.Context(), j)
			if err != nil {
				t.Fatal(err)
			}
			if want := []int{3, 7, 6, 7, 7, 7}; !slices.Equal(progress, want) {
				t.Errorf("progress %v, want %v", progress, want)
			}
			if len(s.Cards) != 7 || len(recorded) != 7 || len(s.Rejected) != 0 {
				t.Fatalf("%d cards, %d recorded, %d rejected", len(s.Cards), len(recorded), len(s.Rejected))
			}
			checkRecorded(t, j, recorded)
			checkFiles(t, j.Out, s.Files)
		})
	}
}

// checkRecorded verifies each token and that it is the person's.
func checkRecorded(t *testing.T, j bulk.Job, recorded []bulk.Issued) {
	t.Helper()
	seen := map[card.Number]bool{}
	for i, c := range recorded {
		cose, err := card.Decode(c.Text)
		if err != nil {
			t.Fatal(err)
		}
		token, err := card.Verify(cose, keyring())
		if err != nil {
			t.Fatal(err)
		}
		p := j.People[i]
		want := card.Claims{Number: string(c.Number), Name: p.Name, Birth: p.Birth, Sex: p.Sex, Ward: p.Ward, Issued: j.Issued, Expires: j.Expires}
		if token.Claims != want || token.Hash != c.Hash || c.Row != p.Row {
			t.Errorf("got %+v, row %d, want %+v, row %d", token.Claims, c.Row, want, p.Row)
		}
		if seen[c.Number] {
			t.Errorf("number %s twice", c.Number)
		}
		seen[c.Number] = true
	}
}

// checkFiles wants the files listed and no other, none readable by others.
func checkFiles(t *testing.T, out string, want []string) {
	t.Helper()
	entries, err := os.ReadDir(out)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
		if info, err := e.Info(); err != nil || info.Mode().Perm()&0o077 != 0 || info.Size() == 0 {
			t.Errorf("%s: %v, %v", e.Name(), info.Mode(), err)
		}
	}
	want = slices.Sorted(slices.Values(want))
	if !slices.Equal(got, want) {
		t.Errorf("files %v, want %v", got, want)
	}
}

func TestIndexSaysWhereACardIs(t *testing.T) {
	j := job(t, 23, bulk.A4)
	j.People[0].Hamlet = `=HYPERLINK("x")`
	s, err := bulk.Issue(t.Context(), j)
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(j.Out, s.Files[1]))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(b, []byte("\ufeff")))).ReadAll()
	if err != nil || len(rows) != 24 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	last := s.Cards[22]
	want := []string{last.Number.Grouped(), last.Person.Name, last.Person.Birth, "Phường Phú Thuận", "Tổ 5", s.Files[0], "3"}
	if got := rows[23]; got[0] != want[0] || got[1] != want[1] || got[5] != want[5] || got[6] != want[6] {
		t.Errorf("got %q, want %q", got, want)
	}
	if rows[1][4] != `'=HYPERLINK("x")` {
		t.Errorf("a formula got through: %q", rows[1][4])
	}
}

func TestRowsWhoseCardCannotBeMade(t *testing.T) {
	j := job(t, 5, bulk.PNG)
	j.People[1].Name = "王小明"
	j.People[2].Birth = "2021-11-21"
	j.People[3].Name = strings.Repeat("Ễ", 100)
	s, err := bulk.Issue(t.Context(), j)
	if err != nil {
		t.Fatal(err)
	}
	want := []people.Rejected{
		{Row: 3, Column: "name", Reason: "letters", Value: "王小明"},
		{Row: 4, Column: "dob", Reason: "born_later", Value: "2021-11-21"},
	}
	if len(s.Cards) < 2 || !slices.Equal(s.Rejected[:2], want) {
		t.Errorf("%d cards, rejected %+v", len(s.Cards), s.Rejected)
	}
}

func TestIssueStopsWhole(t *testing.T) {
	broken := errors.New("the disk is full")
	number := func(n ...card.Number) func(context.Context, int) ([]card.Number, error) {
		return func(context.Context, int) ([]card.Number, error) { return n, nil }
	}
	good, _ := (&supply{}).reserve(t.Context(), 1)
	ended, end := context.WithCancel(t.Context())
	end()
	tests := []struct {
		name   string
		ctx    context.Context
		change func(*bulk.Job)
		want   error
	}{
		{"no numbers", nil, func(j *bulk.Job) {
			j.Reserve = func(context.Context, int) ([]card.Number, error) { return nil, broken }
		}, broken},
		{"empty supply", nil, func(j *bulk.Job) { j.Reserve = number() }, bulk.ErrNumbers},
		{"not a number", nil, func(j *bulk.Job) { j.Reserve = number("123") }, bulk.ErrNumbers},
		{"wrong check digit", nil, func(j *bulk.Job) { j.Reserve = number("4600120001231") }, bulk.ErrNumbers},
		{"the same again", nil, func(j *bulk.Job) { j.Reserve = number(good[0]) }, bulk.ErrNumbers},
		{"more than asked", nil, func(j *bulk.Job) { j.Reserve = number(make([]card.Number, 9)...) }, bulk.ErrNumbers},
		{"not recorded", nil, func(j *bulk.Job) { j.Record = func(context.Context, []bulk.Issued) error { return broken } }, broken},
		{"ended", ended, func(*bulk.Job) {}, context.Canceled},
		{"format", nil, func(j *bulk.Job) { j.Format = "pdf" }, bulk.ErrJob},
		{"no key", nil, func(j *bulk.Job) { j.Key = nil }, bulk.ErrJob},
		{"no kid", nil, func(j *bulk.Job) { j.KID = nil }, bulk.ErrJob},
		{"expired", nil, func(j *bulk.Job) { j.Expires = j.Issued }, bulk.ErrJob},
		{"no supply", nil, func(j *bulk.Job) { j.Reserve = nil }, bulk.ErrJob},
		{"no folder", nil, func(j *bulk.Job) { j.Out = "" }, bulk.ErrJob},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			j := job(t, 3, bulk.PNG)
			j.Reserve = (&supply{atOnce: 1}).reserve
			out := j.Out
			test.change(&j)
			ctx := test.ctx
			if ctx == nil {
				ctx = t.Context()
			}
			s, err := bulk.Issue(ctx, j)
			if !errors.Is(err, test.want) {
				t.Fatalf("got %v, want %v", err, test.want)
			}
			entries, _ := os.ReadDir(out)
			if len(entries) != len(s.Files) {
				t.Errorf("%d files, the summary says %d", len(entries), len(s.Files))
			}
			if test.name == "the same again" && len(s.Cards) != 1 {
				t.Errorf("%d cards before it stopped, want 1", len(s.Cards))
			}
		})
	}
}

func TestDigitsAlphabet(t *testing.T) {
	j := job(t, 2, bulk.PNG)
	j.Digits = true
	j.Record = func(_ context.Context, cards []bulk.Issued) error {
		for _, c := range cards {
			if strings.Trim(c.Text, "0123456789") != "" {
				t.Errorf("not digits: %q", c.Text)
			}
		}
		checkRecorded(t, j, cards)
		return nil
	}
	if _, err := bulk.Issue(t.Context(), j); err != nil {
		t.Fatal(err)
	}
}

func BenchmarkIssueA4(b *testing.B) {
	j := bulk.Job{People: crowd(100), Out: b.TempDir(), Format: bulk.A4, Key: key(), KID: []byte("460012a1"),
		Issued: issued, Expires: issued.AddDate(1, 0, 0), Reserve: (&supply{}).reserve}
	for b.Loop() {
		if _, err := bulk.Issue(b.Context(), j); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*len(j.People))/b.Elapsed().Seconds(), "cards/s")
}
