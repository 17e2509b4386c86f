package card

import "crypto/ed25519"

func Sign(priv ed25519.PrivateKey, kid []byte, c Claims) ([]byte, error) { return nil, ErrMalformed }
func Base45(cose []byte) (string, error)                                 { return "", ErrMalformed }
func Digits(cose []byte) (string, error)                                 { return "", ErrMalformed }
func Decode(text string) ([]byte, error)                                 { return nil, ErrMalformed }
func Recognise(text string) bool                                         { return false }
func Verify(cose []byte, keys Keyring) (Token, error)                    { return Token{}, ErrMalformed }
