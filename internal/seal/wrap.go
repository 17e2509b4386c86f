package seal

import (
	"crypto/ecdh"
	"crypto/hpke"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
)

// wrapInfo binds a wrapped key to its purpose; the segment id follows it.
const wrapInfo = "quachot segment key 1"

// ErrRecipient says that a key was wrapped for somebody else.
var ErrRecipient = errors.New("segment key is wrapped for another recipient")

// NewKey draws a fresh segment key.
func NewKey() Key {
	var k Key
	rand.Read(k[:]) // never fails since Go 1.24
	return k
}

// Private opens what was wrapped for its Recipient. It is safe for concurrent use.
type Private struct {
	key       hpke.PrivateKey
	recipient Recipient
}

// NewPrivate draws a key pair.
func NewPrivate() (*Private, error) {
	k, err := suite().kem.GenerateKey()
	if err != nil {
		return nil, fmt.Errorf("make sealing key: %w", err)
	}
	return newPrivate(k), nil
}

// ParsePrivate reads what Bytes wrote.
func ParsePrivate(b []byte) (*Private, error) {
	k, err := suite().kem.NewPrivateKey(b)
	if err != nil {
		return nil, fmt.Errorf("read sealing key of %d bytes: %w", len(b), err)
	}
	return newPrivate(k), nil
}

func newPrivate(k hpke.PrivateKey) *Private {
	return &Private{key: k, recipient: NewRecipient(k.PublicKey().Bytes())}
}

// Bytes is the private key, 32 bytes. Whoever has it reads every record that
// was sealed for it.
func (p *Private) Bytes() []byte {
	b, err := p.key.Bytes()
	if err != nil { // impossible for a DHKEM key, which is made of bytes
		panic("seal: private key without bytes: " + err.Error())
	}
	return b
}

// Recipient is the public half.
func (p *Private) Recipient() Recipient { return p.recipient }

// NewRecipient names an X25519 public key of 32 bytes.
func NewRecipient(public []byte) Recipient {
	sum := sha256.Sum256(public)
	return Recipient{ID: RecipientID(sum[:8]), Public: public}
}

// Wrap seals a segment's key for one recipient. A recipient whose ID does not
// belong to its public key is refused.
func Wrap(k Key, segment [16]byte, to Recipient) (Wrapped, error) {
	if NewRecipient(to.Public).ID != to.ID {
		return Wrapped{}, fmt.Errorf("wrap segment key: recipient %x: id does not belong to the key", to.ID)
	}
	s := suite()
	pk, err := s.kem.NewPublicKey(to.Public)
	if err != nil {
		return Wrapped{}, fmt.Errorf("wrap segment key for %x: %w", to.ID, err)
	}
	enc, sender, err := hpke.NewSender(pk, s.kdf, s.aead, info(segment))
	if err != nil {
		return Wrapped{}, fmt.Errorf("wrap segment key for %x: %w", to.ID, err)
	}
	sealed, err := sender.Seal(nil, k[:])
	if err != nil {
		return Wrapped{}, fmt.Errorf("wrap segment key for %x: %w", to.ID, err)
	}
	return Wrapped{Recipient: to.ID, Enc: enc, Key: sealed}, nil
}

// Unwrap opens a segment's key. ErrRecipient when w is for somebody else.
func (p *Private) Unwrap(w Wrapped, segment [16]byte) (Key, error) {
	if w.Recipient != p.recipient.ID {
		return Key{}, fmt.Errorf("unwrap segment key: %w: %x", ErrRecipient, w.Recipient)
	}
	s := suite()
	r, err := hpke.NewRecipient(w.Enc, p.key, s.kdf, s.aead, info(segment))
	if err != nil {
		return Key{}, fmt.Errorf("unwrap segment key: %w", err)
	}
	plain, err := r.Open(nil, w.Key)
	if err != nil {
		return Key{}, fmt.Errorf("unwrap segment key: %w", err)
	}
	if len(plain) != KeySize {
		return Key{}, fmt.Errorf("unwrap segment key: %d bytes, want %d", len(plain), KeySize)
	}
	return Key(plain), nil
}

type algorithms struct {
	kem  hpke.KEM
	kdf  hpke.KDF
	aead hpke.AEAD
}

func suite() algorithms {
	return algorithms{kem: hpke.DHKEM(ecdh.X25519()), kdf: hpke.HKDFSHA256(), aead: hpke.AES256GCM()}
}

func info(segment [16]byte) []byte { return append([]byte(wrapInfo), segment[:]...) }
