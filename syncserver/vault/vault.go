// Package vault holds the office's secrets: the file office.key with every
// private key that the running office needs, and recovery.key, which opens the
// records too and belongs into a safe, away from the office.
package vault

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/fxamacker/cbor/v2"

	"quachot/internal/identity"
	"quachot/internal/seal"
	"quachot/internal/wire"
)

// Names of the files in the office's data directory.
const (
	KeyFile      = "office.key"
	RecoveryFile = "recovery.key"
)

// ErrNewer says that a newer version of the program wrote the key file.
var ErrNewer = errors.New("the key file was written by a newer version of the program")

const version = 1

// contents are the bytes of office.key.
type contents struct {
	Version    uint     `cbor:"1,keyasint"`
	Deployment [16]byte `cbor:"2,keyasint"`
	Salt       [16]byte `cbor:"3,keyasint"` // of the identity keys
	SaltEpoch  uint8    `cbor:"4,keyasint,omitempty"`
	TLS        []byte   `cbor:"5,keyasint"` // seed
	Sign       []byte   `cbor:"6,keyasint"` // seed
	Seal       []byte   `cbor:"7,keyasint"` // X25519 private
	OldSeals   [][]byte `cbor:"8,keyasint,omitempty"`
	Recovery   []byte   `cbor:"9,keyasint"`  // X25519 public
	Secret     [32]byte `cbor:"10,keyasint"` // of the person ids
	Cards      []byte   `cbor:"11,keyasint"` // seed of the office's own issuing key
	Made       int64    `cbor:"12,keyasint"` // unix seconds
}

// Vault is the office's private keys. It does not change after Open.
type Vault struct {
	TLS   ed25519.PrivateKey
	Sign  ed25519.PrivateKey
	Cards ed25519.PrivateKey // issues the cards of `syncserver issue`

	keys   wire.OfficeKeys
	seals  map[seal.RecipientID]*seal.Private
	secret [32]byte
}

// Open reads the keys of a data directory or makes them on the first start;
// made says that it did. recovery.key is then beside office.key.
func Open(dir string, now int64) (v *Vault, made bool, err error) {
	path := filepath.Join(dir, KeyFile)
	b, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		v, err = create(dir, now)
		return v, true, err
	case err != nil:
		return nil, false, fmt.Errorf("read office keys: %w", err)
	}
	var c contents
	if err := cbor.Unmarshal(b, &c); err != nil {
		return nil, false, fmt.Errorf("read office keys %s: %w", path, err)
	}
	if c.Version > version {
		return nil, false, fmt.Errorf("%s: %w", path, ErrNewer)
	}
	v, err = c.vault()
	if err != nil {
		return nil, false, fmt.Errorf("read office keys %s: %w", path, err)
	}
	return v, false, nil
}

func create(dir string, now int64) (*Vault, error) {
	if _, err := os.Stat(filepath.Join(dir, "office.db")); err == nil {
		return nil, fmt.Errorf("%s is missing although the office has data: the stations trust the keys in it. Nothing was changed. Put the file back from your copy", filepath.Join(dir, KeyFile))
	}
	private, err := seal.NewPrivate()
	if err != nil {
		return nil, err
	}
	recovery, err := seal.NewPrivate()
	if err != nil {
		return nil, err
	}
	c := contents{Version: version, TLS: seed(), Sign: seed(), Cards: seed(), Seal: private.Bytes(), Recovery: recovery.Recipient().Public, Made: now}
	rand.Read(c.Deployment[:])
	rand.Read(c.Salt[:])
	rand.Read(c.Secret[:])
	if err := writeKey(filepath.Join(dir, RecoveryFile), recovery.Bytes()); err != nil {
		return nil, err
	}
	b, err := cbor.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("encode office keys: %w", err)
	}
	if err := writeKey(filepath.Join(dir, KeyFile), b); err != nil {
		return nil, err
	}
	return c.vault()
}

func seed() []byte {
	b := make([]byte, ed25519.SeedSize)
	rand.Read(b)
	return b
}

// writeKey makes a file that only its owner reads, whole or not at all.
func writeKey(path string, b []byte) error {
	f, err := os.OpenFile(path+".new", os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("write keys: %w", err)
	}
	_, err = f.Write(b)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write keys: %w", err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		return fmt.Errorf("write keys: %w", err)
	}
	return syncDir(filepath.Dir(path))
}

func (c contents) vault() (*Vault, error) {
	for _, s := range [][]byte{c.TLS, c.Sign, c.Cards} {
		if len(s) != ed25519.SeedSize {
			return nil, errors.New("a key is missing in it")
		}
	}
	v := &Vault{
		TLS: ed25519.NewKeyFromSeed(c.TLS), Sign: ed25519.NewKeyFromSeed(c.Sign), Cards: ed25519.NewKeyFromSeed(c.Cards),
		seals: map[seal.RecipientID]*seal.Private{}, secret: c.Secret,
	}
	var current *seal.Private
	for i, b := range append([][]byte{c.Seal}, c.OldSeals...) {
		p, err := seal.ParsePrivate(b)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			current = p
		}
		v.seals[p.Recipient().ID] = p
	}
	v.keys = wire.OfficeKeys{
		Deployment: c.Deployment,
		TLS:        v.TLS.Public().(ed25519.PublicKey), Sign: v.Sign.Public().(ed25519.PublicKey),
		Seal: current.Recipient(), Recovery: seal.NewRecipient(c.Recovery), Salt: c.Salt, SaltEpoch: c.SaltEpoch,
	}
	return v, nil
}

// Keys are the public halves, all that a station must know.
func (v *Vault) Keys() wire.OfficeKeys { return v.keys }

// Deriver makes the deployment's identity keys.
func (v *Vault) Deriver() *identity.Deriver {
	return identity.NewDeriver(v.keys.Salt, v.keys.SaltEpoch)
}

// Person is the office's own id of a document's holder, which means nothing
// outside this office.
func (v *Vault) Person(doc identity.Document) [16]byte {
	m := hmac.New(sha256.New, v.secret[:])
	m.Write([]byte{byte(doc.Kind)})
	m.Write([]byte(doc.Number))
	return [16]byte(m.Sum(nil)[:16])
}
