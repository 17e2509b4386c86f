package journal

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"quachot/internal/record"
)

// copySize is where a copy file ends and the next begins, at the next segment.
const copySize = 8 << 20

// copyReserve is how much room a copy file takes ahead.
const copyReserve = 128 << 10

// copies is a directory of copy files (frame.go), numbered in the order they
// were begun. A file is never written again once it was closed or a write to it
// failed: the next write begins a new one.
type copies struct {
	dir      string
	station  string
	files    []copyFile // oldest first, the open one included
	open     *os.File
	size     int64                     // where the next frame goes
	reserved int64                     // zeros up to here
	headed   map[record.SegmentID]bool // segments whose header the open file has
}

type copyFile struct {
	number   int
	segments map[record.SegmentID]bool
	known    bool // segments is all there is in it
}

// openCopies lists what is in dir, which is made when it is not there.
func openCopies(dir, station string) (*copies, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make directory of copies: %w", err)
	}
	names, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("list copies: %w", err)
	}
	c := &copies{dir: dir, station: station}
	for _, n := range names {
		number, err := strconv.Atoi(strings.TrimSuffix(n.Name(), copyExt))
		if err == nil && strings.HasSuffix(n.Name(), copyExt) && number > 0 {
			c.files = append(c.files, copyFile{number: number, segments: map[record.SegmentID]bool{}})
		}
	}
	slices.SortFunc(c.files, func(a, b copyFile) int { return a.number - b.number })
	return c, nil
}

const copyExt = ".qcj"

func (c *copies) path(number int) string {
	return filepath.Join(c.dir, fmt.Sprintf("%08d%s", number, copyExt))
}

// read calls f with every whole frame of every file, oldest first, and returns
// how many bytes belong to none. Files of another station are passed over.
func (c *copies) read(f func(frame)) (lost int, err error) {
	for i := range c.files {
		n, e := c.readFile(&c.files[i], f)
		lost += n
		if e != nil && err == nil {
			err = e
		}
	}
	return lost, err
}

func (c *copies) readFile(file *copyFile, f func(frame)) (lost int, err error) {
	r, err := os.Open(c.path(file.number))
	if err != nil {
		return 0, fmt.Errorf("read copy: %w", err)
	}
	defer r.Close()
	lost, file.known, err = readCopy(r, c.station, func(fr frame) {
		if len(fr.payload) >= 16 && fr.kind == frameRecord {
			file.segments[record.SegmentID(fr.payload[:16])] = true
		}
		f(fr)
	})
	if err != nil {
		return lost, fmt.Errorf("read copy %s: %w", r.Name(), err)
	}
	return lost, nil
}

// write appends entries, durable when it returns nil. On an error the file is
// left as it is and not used again: what of it is whole still counts.
func (c *copies) write(entries []*entry, extra []byte) error {
	if len(entries) == 0 && len(extra) == 0 {
		return nil
	}
	if c.open != nil && c.size > copySize && (len(entries) == 0 || entries[0].seq == 1) {
		c.close()
	}
	if err := c.ready(); err != nil {
		return err
	}
	b := extra
	for _, e := range entries {
		if id := e.seg.id; !c.headed[id] {
			b = appendCopyHeader(b, e.seg.ordinal, e.seg.signed)
			c.headed[id] = true
			c.files[len(c.files)-1].segments[id] = true
		}
		b = appendCopyRecord(b, record.ID{Segment: e.seg.id, Seq: e.seq}, e.row)
		for _, s := range e.state {
			b = appendFrame(b, frameState, s.key[:], s.value)
		}
	}
	return c.append(b)
}

func (c *copies) append(b []byte) error {
	c.reserve(int64(len(b)))
	_, err := c.open.WriteAt(b, c.size)
	if err == nil {
		err = syncData(c.open)
	}
	c.size += int64(len(b))
	if err != nil {
		c.close()
		return fmt.Errorf("write copy: %w", err)
	}
	return nil
}

// reserve writes zeros ahead of the end, so that the syncs that follow have no
// new blocks or length to note. Where there is no room for that, a write makes do
// without.
func (c *copies) reserve(n int64) {
	if c.size+n <= c.reserved {
		return
	}
	ahead := make([]byte, n+copyReserve)
	if m, err := c.open.WriteAt(ahead, c.size); err == nil {
		c.reserved = c.size + int64(m)
	}
}

// ready begins a new file when none is open.
func (c *copies) ready() error {
	if c.open != nil {
		return nil
	}
	number := 1
	if n := len(c.files); n > 0 {
		number = c.files[n-1].number + 1
	}
	f, err := os.OpenFile(c.path(number), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("begin copy: %w", err)
	}
	c.open, c.size, c.reserved, c.headed = f, 0, 0, map[record.SegmentID]bool{}
	c.files = append(c.files, copyFile{number: number, segments: map[record.SegmentID]bool{}, known: true})
	if err := c.append(appendFrame(nil, frameInfo, []byte(copyMagic), []byte(c.station))); err != nil {
		return err
	}
	if err := syncDir(c.dir); err != nil {
		c.close()
		return fmt.Errorf("begin copy: %w", err)
	}
	return nil
}

func (c *copies) close() {
	if c.open != nil {
		c.open.Truncate(c.size) // the reserve; zeros at the end of a file do no harm
		c.open.Close()
		c.open = nil
	}
}

// obsolete lists closed files of this station all of whose segments are pruned.
// Only files that were read or written by this process are known well enough.
func (c *copies) obsolete(live func(record.SegmentID) bool) (numbers []int) {
	for i, f := range c.files {
		if !f.known || c.open != nil && i == len(c.files)-1 {
			continue
		}
		needed := false
		for id := range f.segments {
			needed = needed || live(id)
		}
		if !needed {
			numbers = append(numbers, f.number)
		}
	}
	return numbers
}

func (c *copies) remove(numbers []int) error {
	for _, n := range numbers {
		if err := os.Remove(c.path(n)); err != nil {
			return fmt.Errorf("remove old copy: %w", err)
		}
		c.files = slices.DeleteFunc(c.files, func(f copyFile) bool { return f.number == n })
	}
	if len(numbers) == 0 {
		return nil
	}
	return syncDir(c.dir)
}
