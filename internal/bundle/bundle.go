// Package bundle is sync carried in a file: the frames of package wire, on a
// stick instead of a socket (design, section 8). docs/protocol.md tells which
// frames go which way.
//
//	file   = magic || framed*
//	framed = length (4, big endian) || frame || CRC32C of length and frame (4)
//
// The first frame is the head, the last the end; a file without its end was cut,
// and what stands before the cut counts all the same, since every batch, receipt
// and manifest in it is signed by itself. What the office answers is sealed to
// the one station it is for: lists hold PIN verifiers, and sticks get lost.
//
// History: 2026-11-22 version 1.
package bundle

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/fxamacker/cbor/v2"

	"quachot/internal/wire"
)

// magic begins every file: a name for people, a line end that a text transfer
// would change, and the version.
const magic = "quachot bundle\r\n\x1a\x01"

// Version is the layout that this program writes.
const Version = 1

// Errors of a Reader.
var (
	ErrNotBundle = errors.New("this file is no bundle")
	ErrNewer     = errors.New("the bundle was written by a newer version of the program")
	ErrCut       = errors.New("the bundle is cut off before its end")
	ErrDamaged   = errors.New("a part of the bundle is damaged")
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Writer writes one bundle. Make it with NewWriter, end it with End.
type Writer struct {
	to     *bufio.Writer
	frames uint64
	err    error
}

// NewWriter begins a bundle with its head.
func NewWriter(to io.Writer, h Head) (*Writer, error) {
	w := &Writer{to: bufio.NewWriterSize(to, 1<<16)}
	_, w.err = w.to.WriteString(magic)
	return w, w.Put(typeHead, h)
}

// Put appends one frame. After an error every further call gives it again.
func (w *Writer) Put(t wire.Type, body any) error {
	frame, err := wire.Marshal(t, body)
	if err != nil {
		return err
	}
	return w.put(frame)
}

func (w *Writer) put(frame []byte) error {
	if w.err != nil {
		return w.err
	}
	length := binary.BigEndian.AppendUint32(nil, uint32(len(frame)))
	sum := crc32.Update(crc32.Checksum(length, castagnoli), castagnoli, frame)
	for _, part := range [][]byte{length, frame, binary.BigEndian.AppendUint32(nil, sum)} {
		if _, w.err = w.to.Write(part); w.err != nil {
			return fmt.Errorf("write bundle: %w", w.err)
		}
	}
	w.frames++
	return nil
}

// End writes the last frame and flushes; the caller syncs and closes the file.
func (w *Writer) End() error {
	if err := w.Put(typeEnd, end{Frames: w.frames}); err != nil {
		return err
	}
	if w.err = w.to.Flush(); w.err != nil {
		return fmt.Errorf("write bundle: %w", w.err)
	}
	return nil
}

// Reader reads one bundle.
type Reader struct {
	Head   Head // set by NewReader; not verified yet, see Head.Verify
	from   *bufio.Reader
	frames uint64
	err    error // given by every further Next
}

// NewReader reads the beginning. Errors: ErrNotBundle, ErrNewer, ErrCut,
// ErrDamaged.
func NewReader(from io.Reader) (*Reader, error) {
	r := &Reader{from: bufio.NewReaderSize(from, 1<<16)}
	begin := make([]byte, len(magic))
	n, err := io.ReadFull(r.from, begin)
	last := len(magic) - 1
	switch {
	case n == 0 || n <= last && string(begin[:n]) != magic[:n], err == nil && string(begin[:last]) != magic[:last]:
		return nil, ErrNotBundle
	case err != nil:
		return nil, ErrCut
	case begin[last] > Version:
		return nil, ErrNewer
	}
	t, body, err := r.next()
	if err != nil {
		return nil, err
	}
	if t != typeHead {
		return nil, fmt.Errorf("%w: it does not begin with a head", ErrDamaged)
	}
	if err := wire.Into(body, &r.Head); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return r, nil
}

// Is says whether a file's first bytes are a bundle's.
func Is(b []byte) bool {
	return len(b) > len(magic) && string(b[:len(magic)-1]) == magic[:len(magic)-1]
}

// Next is the next frame; io.EOF after the last one of a whole bundle. ErrDamaged
// tells of one frame, and Next may be called for those after it; after ErrCut
// nothing more comes.
func (r *Reader) Next() (wire.Type, cbor.RawMessage, error) {
	if r.err != nil {
		return 0, nil, r.err
	}
	t, body, err := r.next()
	switch {
	case err != nil && !errors.Is(err, ErrDamaged):
		r.err = err
	case err == nil && t == typeEnd:
		r.err = io.EOF
		var e end
		if wire.Into(body, &e) != nil || e.Frames != r.frames-1 {
			r.err = fmt.Errorf("%w: frames are missing from its middle", ErrCut)
		}
		return 0, nil, r.err
	}
	return t, body, err
}

func (r *Reader) next() (wire.Type, cbor.RawMessage, error) {
	var length [4]byte
	if _, err := io.ReadFull(r.from, length[:]); err != nil {
		return 0, nil, cut(err)
	}
	n := binary.BigEndian.Uint32(length[:])
	if n > wire.MaxFrame {
		return 0, nil, fmt.Errorf("%w: where a frame's length is due, nothing after it can be read", ErrCut)
	}
	frame := make([]byte, n+4)
	if _, err := io.ReadFull(r.from, frame); err != nil {
		return 0, nil, cut(err)
	}
	r.frames++
	sum := crc32.Update(crc32.Checksum(length[:], castagnoli), castagnoli, frame[:n])
	if binary.BigEndian.Uint32(frame[n:]) != sum {
		return 0, nil, ErrDamaged
	}
	t, body, err := wire.Unmarshal(frame[:n])
	if err != nil {
		return 0, nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return t, body, nil
}

// cut tells the end of the file from a medium that cannot be read.
func cut(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return ErrCut
	}
	return fmt.Errorf("read bundle: %w", err)
}
