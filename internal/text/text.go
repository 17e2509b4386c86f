// Package text gives every word that people see, in Vietnamese or English, from
// the one catalogue in assets/text. Windows, web pages and messages of commands
// all read it here.
package text

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"

	catalogue "quachot/assets/text"
)

// The languages that exist. Default is what Load gives for any other word.
const (
	Vietnamese = "vi"
	English    = "en"
	Default    = Vietnamese
)

// Languages are all languages, the default one first.
func Languages() []string { return []string{Vietnamese, English} }

// Catalogue is one language's texts. It is read-only and safe for concurrent use.
type Catalogue struct {
	lang  string
	texts map[string]string
}

var loaded = map[string]func() *Catalogue{
	Vietnamese: sync.OnceValue(func() *Catalogue { return read(Vietnamese) }),
	English:    sync.OnceValue(func() *Catalogue { return read(English) }),
}

// Load gives the catalogue of lang ("vi" or "en"); any other word gives the
// default. The file is parsed once. It never fails: a catalogue that cannot be
// parsed shows keys instead of texts, since a checkpoint without words is better
// than one that does not start (a test refuses such a file).
func Load(lang string) *Catalogue {
	load, ok := loaded[lang]
	if !ok {
		load = loaded[Default]
	}
	return load()
}

func read(lang string) *Catalogue {
	c := &Catalogue{lang: lang, texts: map[string]string{}}
	b, err := catalogue.Files.ReadFile(lang + ".json")
	if err == nil {
		err = json.Unmarshal(b, &c.texts)
	}
	if err != nil {
		c.texts = map[string]string{}
	}
	return c
}

// Lang is "vi" or "en".
func (c *Catalogue) Lang() string { return c.lang }

// T is the text of key with its placeholders filled: args are name, value pairs,
// so T("sync.waiting", "n", "212") fills {n}. An unknown key gives the key
// itself, an unknown placeholder stays as it is, an odd last arg is ignored.
// Values are put in as they are, never read as placeholders again.
func (c *Catalogue) T(key string, args ...string) string {
	s, ok := c.texts[key]
	if !ok {
		return key
	}
	if len(args) < 2 {
		return s
	}
	pairs := make([]string, 0, len(args))
	for i := 0; i+1 < len(args); i += 2 {
		pairs = append(pairs, "{"+args[i]+"}", args[i+1])
	}
	return strings.NewReplacer(pairs...).Replace(s)
}

// Has says whether key has a text.
func (c *Catalogue) Has(key string) bool {
	_, ok := c.texts[key]
	return ok
}

// Keys are all keys in order.
func (c *Catalogue) Keys() []string { return slices.Sorted(maps.Keys(c.texts)) }
