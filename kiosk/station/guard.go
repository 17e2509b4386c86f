package station

import (
	"context"
	"fmt"

	"github.com/fxamacker/cbor/v2"

	"quachot/internal/record"
	"quachot/kiosk/duty"
	"quachot/kiosk/journal"
)

// guardBucket holds the wrong PINs of each officer, so that a restart gives no
// fresh tries.
const guardBucket = "guard"

// guard restores the counts of wrong PINs and writes each new one down with the
// record of the refused login.
func (s *Station) guard() *duty.Guard {
	g := &duty.Guard{}
	s.Journal.Each(guardBucket, func(key, value []byte) bool {
		var t duty.Tries
		if cbor.Unmarshal(value, &t) == nil {
			g.Restore(string(key), t)
		}
		return true
	})
	g.Changed = func(id string, t duty.Tries) {
		if t.Wrong == 0 {
			return // forgetTries writes it with its record
		}
		value, err := cbor.Marshal(t)
		if err == nil {
			err = s.shift(context.Background(), id, "refused", journal.Put{Bucket: guardBucket, Key: []byte(id), Value: value})
		}
		if err != nil {
			s.log.Error("a refused login could not be written down", "officer", id, "err", err)
		}
	}
	return g
}

func (s *Station) forgetTries(ctx context.Context, id string) error {
	if _, ok := s.Journal.Get(guardBucket, []byte(id)); !ok {
		return nil
	}
	return s.shift(ctx, id, "unlock", journal.Put{Bucket: guardBucket, Key: []byte(id)})
}

func (s *Station) shift(ctx context.Context, id, event string, put ...journal.Put) error {
	item := journal.Item{Kind: record.KindShift, Body: record.Shift{Officer: id, Event: event}, State: put}
	if _, err := s.Journal.Append(ctx, item); err != nil {
		return fmt.Errorf("write down login of %s: %w", id, err)
	}
	return nil
}
