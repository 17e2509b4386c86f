package office

import (
	"fmt"
	"testing"
	"time"
)

func TestSessionsExpire(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	m := newMemory(func() time.Time { return now })
	for i := range 100 {
		m.Commit(fmt.Sprint(i), []byte("x"), now.Add(time.Hour))
	}
	if b, ok, _ := m.Find("7"); !ok || string(b) != "x" {
		t.Errorf("got %q, %v", b, ok)
	}
	m.Delete("7")
	m.Delete("none")
	if _, ok, _ := m.Find("7"); ok {
		t.Error("a deleted session is found")
	}
	now = now.Add(time.Hour)
	if _, ok, _ := m.Find("8"); ok {
		t.Error("an expired session is found")
	}
	m.Commit("new", nil, now.Add(time.Hour))
	if len(m.items) != 1 {
		t.Errorf("%d sessions are kept, want 1", len(m.items))
	}
}
