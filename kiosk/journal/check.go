package journal

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"quachot/internal/record"
)

// CheckOptions say how `kiosk check` looks at a journal that nobody has open.
type CheckOptions struct {
	Public ed25519.PublicKey // of the station: verifies the headers; nil = not verified
	CopyB  string            // as in Options
	Probe  []string          // as in Options
}

// Report is what the checker found. OK means: every record is there, in the
// database itself, and proven.
type Report struct {
	OK         bool              `json:"ok"`
	Station    string            `json:"station,omitempty"`
	Records    uint64            `json:"records"`
	Segments   []SegmentReport   `json:"segments"`
	Pruned     uint64            `json:"pruned"`             // records that the office keeps and that are gone here
	Anchor     *record.SegmentID `json:"anchor,omitempty"`   // the last segment that was pruned
	Signatures bool              `json:"signatures_checked"` // false: the station's key was not at hand
	CopyAOK    bool              `json:"copy_a_ok"`          // holds the same, whole
	CopyBOK    *bool             `json:"copy_b_ok,omitempty"`
	CopyA      *CopyReport       `json:"copy_a,omitempty"`
	CopyB      *CopyReport       `json:"copy_b,omitempty"`
	Aside      []string          `json:"quarantined,omitempty"` // corrupt files that were put aside
	Errors     []string          `json:"errors,omitempty"`
}

// SegmentReport is one segment's proof.
type SegmentReport struct {
	Segment  record.SegmentID `json:"segment"`
	First    uint64           `json:"first"`
	Last     uint64           `json:"last"`
	Records  uint64           `json:"records"` // sound ones in the database
	Held     uint64           `json:"held"`
	Kept     uint64           `json:"kept"`
	BrokenAt uint64           `json:"broken_at,omitempty"` // first record that is damaged or missing
	Broken   uint64           `json:"broken,omitempty"`    // how many
	Healable uint64           `json:"healable,omitempty"`  // how many of them a copy has
	Error    string           `json:"error,omitempty"`     // of header or parent
}

// CopyReport is how a copy compares with the database.
type CopyReport struct {
	Missing   uint64 `json:"missing"`    // records the database has and it has not
	Differing uint64 `json:"differing"`  // records that are not the same
	LostBytes int    `json:"lost_bytes"` // in no whole frame; half a frame at a file's end is usual
	Error     string `json:"error,omitempty"`
}

func (c CopyReport) ok() bool { return c.Missing == 0 && c.Differing == 0 && c.Error == "" }

// Check proves the open journal as it stands, while it is written. What it says
// of every record is what a reader of the disk would find.
func (j *Journal) Check() (Report, error) {
	return j.check(j.o.Sign.Public().(ed25519.PublicKey)), nil
}

// Check proves a journal that no process has open, without changing it.
// ErrRunning when one has: then the running one has to be asked. A journal that
// is corrupt is a finding, not an error; one that is not there is an error.
func Check(dir string, o CheckOptions) (Report, error) {
	if _, err := os.Stat(dir); err != nil {
		return Report{}, fmt.Errorf("check journal: %w", err)
	}
	lock, err := lockToCheck(filepath.Join(dir, lockName))
	if err != nil {
		return Report{}, fmt.Errorf("check journal %s: %w", dir, err)
	}
	defer lock.Close() // of nil does nothing
	j := &Journal{dir: dir, o: Options{CopyB: o.CopyB, Probe: o.Probe}, log: slog.New(slog.NewTextHandler(io.Discard, nil)), byID: map[record.SegmentID]*segment{}}
	err = j.openToCheck()
	if j.db != nil {
		defer closeDB(j.db)
	}
	switch {
	case errors.Is(err, os.ErrNotExist) && j.traces():
		err = errors.New("the database is missing, though it was there")
	case errors.Is(err, os.ErrNotExist):
		return Report{OK: true, CopyAOK: true, Signatures: len(o.Public) > 0, Segments: []SegmentReport{}}, nil
	case errors.Is(err, ErrNewer), errors.Is(err, ErrRunning):
		return Report{}, fmt.Errorf("check journal %s: %w", dir, err)
	}
	if err != nil {
		return Report{Segments: []SegmentReport{}, Aside: j.aside(), Errors: []string{err.Error()}}, nil
	}
	if len(j.segments) > 0 {
		j.o.Station = j.segments[0].header.Station
	}
	j.follow = j.newFollower()
	return j.check(o.Public), nil
}

func (j *Journal) openToCheck() error {
	path := j.path(fileName)
	if _, err := os.Stat(path); err != nil {
		return err
	}
	if err := j.probeChild(); err != nil {
		return err
	}
	db, err := openDB(path, true)
	if err != nil {
		return err
	}
	j.db = db
	return j.takeUp()
}

// traces says whether there was a database here.
func (j *Journal) traces() bool {
	c, err := os.ReadDir(j.path(copyDir))
	return err == nil && len(c) > 0 || len(j.aside()) > 0
}

// aside lists the files that were put aside as corrupt.
func (j *Journal) aside() (names []string) {
	files, err := os.ReadDir(j.dir)
	if err != nil {
		return nil
	}
	for _, f := range files {
		if strings.HasPrefix(f.Name(), fileName+badMark) {
			names = append(names, f.Name())
		}
	}
	return names
}

// check proves everything that is there at the moment of the call.
func (j *Journal) check(pub ed25519.PublicKey) Report {
	r := Report{OK: true, Segments: []SegmentReport{}, Signatures: len(pub) > 0, Aside: j.aside()}
	snap, a := j.snapshot()
	if a.Records > 0 {
		r.Pruned, r.Anchor = a.Records, &a.Last.Segment
	}
	r.Station = j.o.Station
	ends := map[record.SegmentID]record.Position{a.Last.Segment: a.Last}
	for i := range snap {
		sr := j.checkSegment(&snap[i], pub, ends, i == 0 && a.Records == 0)
		r.Records += sr.Records
		r.OK = r.OK && sr.Broken == 0 && sr.Error == ""
		r.Segments = append(r.Segments, sr)
	}
	ca := j.compareCopy(j.path(copyDir), snap, r.Segments)
	r.CopyA, r.CopyAOK = &ca, ca.ok()
	if j.follow != nil {
		cb := j.compareCopy(j.follow.dir, snap, r.Segments)
		ok := cb.ok()
		r.CopyB, r.CopyBOK = &cb, &ok
	}
	return r
}

// snapshot is what there is to prove; records written later are not looked at.
func (j *Journal) snapshot() ([]checked, anchor) {
	j.mu.RLock()
	defer j.mu.RUnlock()
	var out []checked
	for _, s := range j.segments {
		if s.last > 0 {
			out = append(out, checked{seg: s, last: s.last, tip: s.tip, held: s.held, kept: s.kept})
		}
	}
	return out, j.anchor
}

// checked is one segment as it was when the check began.
type checked struct {
	seg        *segment
	last       uint64
	tip        record.Chain
	held, kept uint64
	sums       map[uint64]record.Chain // chain after each sound record
	broken     map[uint64]bool
}

const checkChunk = 500

// checkSegment proves header, parent, and every record.
func (j *Journal) checkSegment(c *checked, pub ed25519.PublicKey, ends map[record.SegmentID]record.Position, first bool) SegmentReport {
	s := c.seg
	r := SegmentReport{Segment: s.id, First: 1, Last: c.last, Held: c.held, Kept: c.kept}
	r.Error = headerError(s, pub, ends, first)
	ends[s.id] = record.Position{Segment: s.id, Seq: c.last, Chain: c.tip}
	c.sums, c.broken = map[uint64]record.Chain{}, map[uint64]bool{}
	for from := uint64(1); from <= c.last; {
		st := j.load(s, from, min(c.last, from+checkChunk-1), c.last, c.tip, 1<<30)
		for i, row := range st.rows {
			seq := from + uint64(i)
			if row == nil {
				c.broken[seq] = true
				r.Broken++
				if r.BrokenAt == 0 {
					r.BrokenAt = seq
				}
				continue
			}
			c.sums[seq] = row.after()
			r.Records++
		}
		from += uint64(len(st.rows))
	}
	return r
}

// headerError is what is wrong with a segment's header or its place.
func headerError(s *segment, pub ed25519.PublicKey, ends map[record.SegmentID]record.Position, first bool) string {
	if len(pub) > 0 {
		if _, err := s.signed.Open(pub); err != nil {
			return err.Error()
		}
	}
	p := s.header.Parent
	if p == nil {
		if !first {
			return "it does not say what came before it"
		}
		return ""
	}
	end, ok := ends[p.Segment]
	switch {
	case !ok:
		return fmt.Sprintf("the segment before it, %s, is missing", p.Segment)
	case end != *p:
		return fmt.Sprintf("the segment before it ends at %d with another chain value than at %d, where this one goes on", end.Seq, p.Seq)
	}
	return ""
}

// compareCopy reads a copy and counts what a damaged record could be healed from.
func (j *Journal) compareCopy(dir string, snap []checked, reports []SegmentReport) (r CopyReport) {
	if _, err := os.Stat(dir); err != nil {
		if len(snap) > 0 {
			r.Error = err.Error()
		}
		return r
	}
	byID := map[record.SegmentID]int{}
	seen := make([]map[uint64]bool, len(snap))
	for i := range snap {
		byID[snap[i].seg.id] = i
		seen[i] = map[uint64]bool{}
	}
	copies, err := openCopies(dir, j.o.Station)
	if err == nil {
		r.LostBytes, err = copies.read(func(fr frame) {
			if fr.kind != frameRecord {
				return
			}
			rec, ok := parseCopyRecord(fr.payload)
			i, known := byID[rec.id.Segment]
			if !ok || !known || seen[i][rec.id.Seq] {
				return
			}
			seen[i][rec.id.Seq] = true
			if sum, sound := snap[i].sums[rec.id.Seq]; sound && sum != rec.after() {
				r.Differing++
			}
			if snap[i].broken[rec.id.Seq] {
				reports[i].Healable = min(reports[i].Healable+1, reports[i].Broken)
			}
		})
	}
	if err != nil {
		r.Error = err.Error()
	}
	for i := range snap {
		for seq := range snap[i].sums {
			if !seen[i][seq] {
				r.Missing++
			}
		}
	}
	return r
}
