package wire

import (
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
)

// ErrSignature says that a manifest, batch or code was not made by whom it
// should be.
var ErrSignature = errors.New("signature does not fit")

const manifestContext = "quachot manifest 1\n"

// SignManifest signs a manifest with the office's key (OfficeKeys.Sign).
func SignManifest(m Manifest, priv ed25519.PrivateKey) (SignedManifest, error) {
	body, err := encoder.Marshal(m)
	if err != nil {
		return SignedManifest{}, fmt.Errorf("encode manifest: %w", err)
	}
	return SignedManifest{Body: body, Sig: ed25519.Sign(priv, withContext(manifestContext, body))}, nil
}

// Open verifies and reads a manifest. It does not look at the serial or the
// deployment: kiosk/lists does. Errors wrap ErrSignature or ErrFrame.
func (s SignedManifest) Open(pub ed25519.PublicKey) (Manifest, error) {
	if len(pub) != ed25519.PublicKeySize || !ed25519.Verify(pub, withContext(manifestContext, s.Body), s.Sig) {
		return Manifest{}, fmt.Errorf("manifest: %w", ErrSignature)
	}
	var m Manifest
	if err := lists.Unmarshal(s.Body, &m); err != nil {
		return Manifest{}, fmt.Errorf("manifest: %w: %v", ErrFrame, err)
	}
	for _, l := range m.Lists {
		if l.Size > maxListSize || uint64(len(l.Chunks)) != chunks(l.Size) {
			return Manifest{}, fmt.Errorf("manifest: %w: list %q of %d bytes has %d chunks", ErrFrame, l.Name, l.Size, len(l.Chunks))
		}
	}
	return m, nil
}

// NewList makes a list's entry for the manifest and the bytes that its chunks
// are cut from.
func NewList(name string, version uint64, content any) (ListEntry, []byte, error) {
	b, err := EncodeList(content)
	if err != nil {
		return ListEntry{}, nil, fmt.Errorf("list %s: %w", name, err)
	}
	e := ListEntry{Name: name, Version: version, Size: uint64(len(b))}
	for part := range slices.Chunk(b, ChunkSize) {
		e.Chunks = append(e.Chunks, sha256.Sum256(part))
	}
	return e, b, nil
}

func chunks(size uint64) uint64 { return (size + ChunkSize - 1) / ChunkSize }

func withContext(context string, body []byte) []byte {
	return append([]byte(context), body...)
}
