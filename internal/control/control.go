// Package control lets a subcommand run inside the program that already has the
// data directory open, through a local socket in that directory. What the
// subcommand would have done itself happens there; its input and output stay
// with the caller.
//
// The caller sends one line of JSON, {"args":[...],"cwd":"..."}, then both
// sides send pieces: stream (1 byte), length (4 bytes, big endian), data.
//
//	0 caller's stdin; length 0 is its end
//	1 stdout   2 stderr
//	3 the end: 4 bytes, the exit code
package control

import (
	"encoding/binary"
	"fmt"
	"io"
	"sync"
)

// The streams of one connection.
const (
	streamStdin  = 0
	streamStdout = 1
	streamStderr = 2
	streamExit   = 3
)

const (
	maxPiece   = 64 << 10
	maxRequest = 1 << 20
)

type request struct {
	Args []string `json:"args"`
	Cwd  string   `json:"cwd"`
}

// pieces writes pieces of several streams to one connection.
type pieces struct {
	mu sync.Mutex // one piece at a time
	w  io.Writer
}

func (p *pieces) send(stream byte, data []byte) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	head := binary.BigEndian.AppendUint32([]byte{stream}, uint32(len(data)))
	if _, err := p.w.Write(append(head, data...)); err != nil {
		return fmt.Errorf("write to the other program: %w", err)
	}
	return nil
}

// stream is one stream of pieces as a writer.
type stream struct {
	to     *pieces
	number byte
}

func (s stream) Write(b []byte) (int, error) {
	for n := 0; n < len(b); n += maxPiece {
		if err := s.to.send(s.number, b[n:min(n+maxPiece, len(b))]); err != nil {
			return n, err
		}
	}
	return len(b), nil
}

func readPiece(r io.Reader) (stream byte, data []byte, err error) {
	var head [5]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return 0, nil, err
	}
	n := binary.BigEndian.Uint32(head[1:])
	if n > maxPiece {
		return 0, nil, fmt.Errorf("piece of %d bytes, at most %d are sent", n, maxPiece)
	}
	data = make([]byte, n)
	if _, err := io.ReadFull(r, data); err != nil {
		return 0, nil, err
	}
	return head[0], data, nil
}
