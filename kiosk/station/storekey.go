package station

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/zalando/go-keyring"
)

// Where the store key is kept. The platform's keyring (DPAPI behind Windows'
// credential store, Secret Service on Linux) ties it to the login of the
// computer's user, so that a disk taken out of the laptop does not give it away.
// Where there is none, as in a service without a desktop session, a file with
// mode 0600 is all there is: it keeps other users out and a thief with a
// screwdriver not. `kiosk status` says which it is.
const (
	PlaceKeyring = "keyring"
	PlaceFile    = "file"
)

const (
	keyringService = "quachot-station"
	// keyringWait is how long the keyring may think: an unlock dialogue that
	// nobody sees must not hold up the lane's start.
	keyringWait = 5 * time.Second
)

var errKeyringSilent = errors.New("the keyring does not answer")

// makeStoreKey draws a store key and puts it where it is safest. Only a keyring
// that gives the key back counts.
func makeStoreKey(account string) (key [32]byte, place string) {
	_, _ = rand.Read(key[:]) // never fails, by its contract
	text := hex.EncodeToString(key[:])
	_, err := withTimeout(func() (string, error) { return "", keyring.Set(keyringService, account, text) })
	if err == nil {
		back, err := withTimeout(func() (string, error) { return keyring.Get(keyringService, account) })
		if err == nil && back == text {
			return key, PlaceKeyring
		}
	}
	return key, PlaceFile
}

func loadStoreKey(f stored) (key [32]byte, err error) {
	b := f.StoreKey
	if f.StorePlace == PlaceKeyring {
		text, err := withTimeout(func() (string, error) { return keyring.Get(keyringService, account(f)) })
		if err != nil {
			return key, fmt.Errorf("the key of the station's memory cannot be read from the system's keyring. "+
				"All records are safe on disk. Log in to the desktop as the user who enrolled the station and start again: %w", err)
		}
		if b, err = hex.DecodeString(text); err != nil {
			b = nil
		}
	}
	if len(b) != len(key) {
		return key, fmt.Errorf("the key of the station's memory is damaged (%s). All records are safe on disk. Ring the office", f.StorePlace)
	}
	return [32]byte(b), nil
}

// account names the key in the keyring; two data directories of one user must
// not share it.
func account(f stored) string {
	return hex.EncodeToString(f.Office.Deployment[:4]) + "-" + f.Station
}

// withTimeout gives up waiting; the call itself then ends when the keyring does.
func withTimeout(call func() (string, error)) (string, error) {
	type answer struct {
		text string
		err  error
	}
	done := make(chan answer, 1)
	go func() {
		text, err := call()
		done <- answer{text, err}
	}()
	select {
	case a := <-done:
		return a.text, a.err
	case <-time.After(keyringWait):
		return "", errKeyringSilent
	}
}
