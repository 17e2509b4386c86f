package vault

import (
	"errors"
	"sync"

	"quachot/internal/record"
	"quachot/internal/seal"
	"quachot/syncserver/store"
)

// Opener opens sealed records with the vault's keys. It implements
// store.Opener.
type Opener struct {
	vault *Vault

	mu     sync.Mutex // guards codecs
	codecs map[segment]*seal.Codec
}

// segment has its station in it, so that nobody can plant a key for a segment
// of another station.
type segment struct {
	id      record.SegmentID
	station string
}

// codecs is how many segments are remembered: an unwrap costs 0.1 ms.
const maxCodecs = 4096

// NewOpener makes an opener.
func (v *Vault) NewOpener() *Opener {
	return &Opener{vault: v, codecs: map[segment]*seal.Codec{}}
}

// Open implements store.Opener.
func (o *Opener) Open(header *record.Header, first uint64, sealed [][]byte) []store.Opened {
	all := make([]store.Opened, len(sealed))
	codec, why := o.codec(header)
	for i, b := range sealed {
		switch {
		case record.Damaged(b):
			all[i] = store.Opened{Entry: record.Entry{Kind: record.KindDamaged, Body: []byte{0xa0}}}
		case why != "":
			all[i].Pending = why
		default:
			all[i] = open(codec, first+uint64(i), b)
		}
	}
	return all
}

func open(codec *seal.Codec, seq uint64, sealed []byte) store.Opened {
	plain, err := codec.Open(seq, sealed)
	if err != nil {
		return store.Opened{Pending: store.PendingOpen}
	}
	e, err := record.Decode(plain)
	if err != nil {
		return store.Opened{Pending: store.PendingParse}
	}
	if !known(e.Kind) {
		return store.Opened{Pending: store.PendingKind, Entry: e}
	}
	return store.Opened{Entry: e}
}

func known(k record.Kind) bool {
	_, err := record.ParseKind(k.String())
	return err == nil
}

// codec is the segment's codec, or why there is none.
func (o *Opener) codec(header *record.Header) (*seal.Codec, string) {
	if header == nil {
		return nil, store.PendingHeader
	}
	name := segment{header.Segment, header.Station}
	o.mu.Lock()
	c := o.codecs[name]
	o.mu.Unlock()
	if c != nil {
		return c, ""
	}
	key, ok := o.unwrap(header)
	if !ok {
		return nil, store.PendingKey
	}
	c, err := seal.NewCodec(key, header.Segment, header.Dict)
	if errors.Is(err, seal.ErrDictionary) {
		return nil, store.PendingDict
	}
	if err != nil {
		return nil, store.PendingKey
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.codecs) >= maxCodecs {
		clear(o.codecs)
	}
	o.codecs[name] = c
	return c, ""
}

func (o *Opener) unwrap(header *record.Header) (seal.Key, bool) {
	for _, w := range header.Keys {
		p := o.vault.seals[w.Recipient]
		if p == nil {
			continue
		}
		if key, err := p.Unwrap(w, header.Segment); err == nil {
			return key, true
		}
	}
	return seal.Key{}, false
}
