package identity

import (
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"
	"runtime"
	"sync"

	"golang.org/x/crypto/argon2"
)

// The cost of one derivation (design, section 6): about 5 ms on a server core.
// It slows a thief with a stolen list down and no more. Changing any of these,
// or the two info strings, is a new epoch: all lists have to be made again.
const (
	argonPasses  = 1
	argonKiB     = 8 * 1024
	argonThreads = 1

	infoMatch = "quachot identity match"
	infoOpen  = "quachot identity open"
)

// CacheSize is how many documents a Deriver remembers. At 64 bytes and a little
// each it is below 3 MB.
const CacheSize = 10_000

// A Deriver turns documents into identity keys for one deployment.
//
//	secret = Argon2id(password = kind byte || number, salt = salt || epoch byte)
//	Match  = HKDF-SHA256(secret, info "quachot identity match", 16 bytes)
//	Open   = HKDF-SHA256(secret, info "quachot identity open", 32 bytes)
//
// It may be used by many goroutines. At most as many derivations run at once as
// there are processors, each with its 8 MiB; further callers wait.
type Deriver struct {
	salt [17]byte      // set by NewDeriver
	slot chan struct{} // bounds the derivations that run

	mu    sync.Mutex // guards what follows
	cache *lru
	under map[Document]*derivation // under way
}

// derivation is one that is under way; others who want the same document wait
// for it.
type derivation struct {
	done chan struct{} // closed when keys is set
	keys Keys
}

// NewDeriver makes a Deriver for the deployment's salt and its epoch.
func NewDeriver(salt [16]byte, epoch uint8) *Deriver {
	d := &Deriver{
		slot: make(chan struct{}, runtime.GOMAXPROCS(0)), cache: newLRU(CacheSize), under: map[Document]*derivation{},
	}
	copy(d.salt[:], salt[:])
	d.salt[16] = epoch
	return d
}

// Derive is the keys of doc, from memory when it was derived lately. The number
// is taken as it is: normalise it first (NewDocument), or nothing matches.
func (d *Deriver) Derive(doc Document) Keys {
	run, first := d.begin(doc)
	if !first {
		<-run.done
		return run.keys
	}
	d.slot <- struct{}{}
	keys := d.derive(doc)
	<-d.slot
	d.finish(doc, run, keys)
	return keys
}

func (d *Deriver) finish(doc Document, run *derivation, keys Keys) {
	d.mu.Lock()
	defer d.mu.Unlock()
	run.keys = keys
	d.cache.put(doc, keys)
	delete(d.under, doc)
	close(run.done)
}

// begin finds the derivation of doc, done or under way; first means that the
// caller has to do it.
func (d *Deriver) begin(doc Document) (run *derivation, first bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if k, ok := d.cache.get(doc); ok {
		return &derivation{done: ended, keys: k}, false
	}
	if run, ok := d.under[doc]; ok {
		return run, false
	}
	run = &derivation{done: make(chan struct{})}
	d.under[doc] = run
	return run, true
}

// ended is the done of what was done before.
var ended = func() chan struct{} { c := make(chan struct{}); close(c); return c }()

// DeriveAll is Derive of each document, in parallel; the answer has the order
// of docs and its length.
func (d *Deriver) DeriveAll(docs []Document) []Keys {
	keys := make([]Keys, len(docs))
	if len(docs) == 1 {
		keys[0] = d.Derive(docs[0])
		return keys
	}
	var wg sync.WaitGroup
	for i, doc := range docs {
		wg.Go(func() { keys[i] = d.Derive(doc) })
	}
	wg.Wait()
	return keys
}

func (d *Deriver) derive(doc Document) Keys {
	password := append([]byte{byte(doc.Kind)}, doc.Number...)
	secret := argon2.IDKey(password, d.salt[:], argonPasses, argonKiB, argonThreads, 32)
	var k Keys
	copy(k.Match[:], expand(secret, infoMatch, len(k.Match)))
	copy(k.Open[:], expand(secret, infoOpen, len(k.Open)))
	return k
}

func expand(secret []byte, info string, n int) []byte {
	out, err := hkdf.Key(sha256.New, secret, nil, info, n)
	if err != nil { // only for lengths above 8160 bytes or short FIPS secrets
		panic(fmt.Sprintf("derive %d bytes by HKDF: %v", n, err))
	}
	return out
}
