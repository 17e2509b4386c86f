package bundle

import (
	"crypto/ecdh"
	"crypto/ed25519"
	"crypto/hpke"
	"errors"
	"fmt"
	"io"

	"github.com/fxamacker/cbor/v2"

	"quachot/internal/seal"
	"quachot/internal/wire"
)

// ErrNotForUs says that a bundle has no section for this station.
var ErrNotForUs = errors.New("the bundle has nothing for this station")

// section begins what is sealed to one station: HPKE (RFC 9180), X25519,
// HKDF-SHA256, AES-256-GCM; info "quachot bundle 1\n" || deployment || station.
// The frames after it are sealed in their order, so that none can be left out,
// put elsewhere or come from another file unnoticed.
type section struct {
	Station string `cbor:"1,keyasint"`
	Enc     []byte `cbor:"2,keyasint"`
}

type box struct {
	Sealed []byte `cbor:"1,keyasint"`
}

const (
	sectionInfo = "quachot bundle 1\n"
	answerInfo  = "quachot bundle recipient 1\n"
)

func kem() hpke.KEM { return hpke.DHKEM(ecdh.X25519()) }

func info(deployment [16]byte, station string) []byte {
	return append(append([]byte(sectionInfo), deployment[:]...), station...)
}

// answerKey is the key that a station opens answers with; it needs none of its
// own on disk.
func answerKey(priv ed25519.PrivateKey) (hpke.PrivateKey, error) {
	k, err := kem().DeriveKeyPair(append([]byte(answerInfo), priv.Seed()...))
	if err != nil {
		return nil, fmt.Errorf("derive the key for the office's answer: %w", err)
	}
	return k, nil
}

// AnswerTo is where the office seals its answer for the station with this key.
func AnswerTo(priv ed25519.PrivateKey) (seal.Recipient, error) {
	k, err := answerKey(priv)
	if err != nil {
		return seal.Recipient{}, err
	}
	return seal.NewRecipient(k.PublicKey().Bytes()), nil
}

// Section writes what is for one station.
type Section struct {
	w      *Writer
	sender *hpke.Sender
}

// For begins a station's section.
func (w *Writer) For(deployment [16]byte, station string, to seal.Recipient) (*Section, error) {
	public, err := kem().NewPublicKey(to.Public)
	if err != nil {
		return nil, fmt.Errorf("seal the answer for station %s: %w", station, err)
	}
	enc, sender, err := hpke.NewSender(public, hpke.HKDFSHA256(), hpke.AES256GCM(), info(deployment, station))
	if err != nil {
		return nil, fmt.Errorf("seal the answer for station %s: %w", station, err)
	}
	return &Section{w, sender}, w.Put(typeFor, section{station, enc})
}

// Put seals and appends one frame.
func (s *Section) Put(t wire.Type, body any) error {
	frame, err := wire.Marshal(t, body)
	if err != nil {
		return err
	}
	sealed, err := s.sender.Seal(nil, frame)
	if err != nil {
		return fmt.Errorf("seal the answer: %w", err)
	}
	return s.w.Put(typeSealed, box{sealed})
}

// Opener reads the frames of a station's own section.
type Opener struct {
	r         *Reader
	recipient *hpke.Recipient
}

// Open finds the section of station. ErrNotForUs when there is none.
func (r *Reader) Open(deployment [16]byte, station string, priv ed25519.PrivateKey) (*Opener, error) {
	key, err := answerKey(priv)
	if err != nil {
		return nil, err
	}
	for {
		t, body, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil, ErrNotForUs
		}
		if err != nil {
			return nil, err
		}
		var s section
		if t != typeFor || wire.Into(body, &s) != nil || s.Station != station {
			continue
		}
		recipient, err := hpke.NewRecipient(s.Enc, key, hpke.HKDFSHA256(), hpke.AES256GCM(), info(deployment, station))
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrNotForUs, err)
		}
		return &Opener{r, recipient}, nil
	}
}

// Next is the next frame of the section; io.EOF at its end.
func (o *Opener) Next() (wire.Type, cbor.RawMessage, error) {
	t, body, err := o.r.Next()
	if err != nil {
		return 0, nil, err
	}
	if t != typeSealed {
		return 0, nil, io.EOF // the next station's section
	}
	var b box
	if err := wire.Into(body, &b); err != nil {
		return 0, nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	frame, err := o.recipient.Open(nil, b.Sealed)
	if err != nil {
		return 0, nil, fmt.Errorf("%w: it does not open", ErrDamaged)
	}
	return wire.Unmarshal(frame)
}
