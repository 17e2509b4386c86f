package journal

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"quachot/internal/record"
)

// What was pruned gives its room on the disk back at the next start; everything
// else is as it was, also when the program died in the middle of it before.
func TestCompact(t *testing.T) {
	o, c := newOffice(t), newClock()
	dir := t.TempDir()
	path := filepath.Join(dir, fileName)
	rng := rand.NewChaCha8([32]byte{1})
	large := func(i int) Item {
		noise := make([]byte, 200<<10) // does not pack
		rng.Read(noise)
		return Item{Kind: record.KindNote, Body: record.Note{Text: fmt.Sprint(i, string(noise))}}
	}
	j := o.openJournal(dir, c)
	for i := range 120 {
		appendOK(t, j, large(i))
	}
	old := j.Segments()[0]
	j.Close()
	j = o.openJournal(dir, c)
	kept := note("kept")
	kept.State = []Put{{Bucket: "b", Key: []byte("k"), Value: []byte("v")}}
	appendOK(t, j, kept)
	if err := j.Receive(o.receiptFor(old)); err != nil {
		t.Fatal(err)
	}
	c.pass(8 * 24 * time.Hour)
	j.Close()
	j = o.openJournal(dir, c)
	eventually(t, "the old segment is pruned", func() bool { return len(j.Segments()) == 1 })
	j.Close()
	before := size(t, path)
	if err := os.WriteFile(path+newMark, []byte("half of an earlier try"), 0o600); err != nil {
		t.Fatal(err)
	}

	j = o.openJournal(dir, c, withChild)
	if after := size(t, path); before < compactFrom || after > before/8 {
		t.Errorf("the file has %d bytes after a compaction, %d before", after, before)
	}
	if _, err := os.Stat(path + newMark); !os.IsNotExist(err) {
		t.Errorf("the new file is still beside the old: %v", err)
	}
	appendOK(t, j, note("new"))
	wantTexts(t, o.readAll(j), "kept", "new")
	if v, ok := j.Get("b", []byte("k")); !ok || string(v) != "v" {
		t.Errorf("state %q, %v", v, ok)
	}
	if n := j.Counts(); n.Head != 122 || n.Kept != 120 {
		t.Errorf("counts %+v", n)
	}
	if r, err := j.Check(); err != nil || !r.OK || !r.CopyAOK || r.Pruned != 120 {
		t.Errorf("checker: %+v, %v", r, err)
	}
	j.Close()
	compacted := size(t, path)
	j = o.openJournal(dir, c)
	if again := size(t, path); again != compacted {
		t.Errorf("a small file was compacted: %d bytes, then %d", compacted, again)
	}
	wantTexts(t, o.readAll(j), "kept", "new")
}

func size(t *testing.T, path string) int64 {
	t.Helper()
	st, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return st.Size()
}
