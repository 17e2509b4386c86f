package checkpoint

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"quachot/internal/credential"
	"quachot/internal/record"
	"quachot/internal/text"
)

// What a reader of signed certificates may find inside.
func TestSignedIsNotAlwaysGreen(t *testing.T) {
	signed := func(fields map[string]string, warnings ...string) credential.Reading {
		return credential.Reading{Kind: credential.DCC, Trust: credential.Signed, Fields: fields, Warnings: warnings, Name: "A"}
	}
	tests := []struct {
		name string
		r    credential.Reading
		want record.Verdict
		code string
	}{
		{"vaccinated", signed(map[string]string{"type": "vaccination"}), record.Pass, ""},
		{"negative test", signed(map[string]string{"result": "Not detected"}), record.Pass, ""},
		{"positive test", signed(map[string]string{"result": "Detected"}), record.Check, "positive_test"},
		{"not in the form of the standard", signed(nil, credential.WarnSchema), record.Check, "schema"},
		{"signed outside the signer's dates", signed(nil, credential.WarnSignerDates), record.Check, "signer_dates"},
		{"a warning that says little", signed(nil, credential.WarnProvince), record.Pass, ""},
		{"recognised by name only", credential.Reading{Kind: credential.VDS, Reason: credential.NotSupported}, record.Check, "not_supported"},
		{"part of several codes", credential.Reading{Kind: credential.SHC, Reason: credential.Chunked}, record.Check, "chunked"},
		{"forged without a reason", credential.Reading{Kind: credential.SHC, Trust: credential.Forged}, record.Stop, "forged"},
		{"undecided without a reason", credential.Reading{Kind: credential.SHC}, record.Check, "unknown"},
		{"unknown without a reason", credential.Reading{}, record.Unreadable, "garbage"},
	}
	for _, tt := range tests {
		got := newCase(Input{Now: noon, Lists: &fakeLists{asOf: listsAt}, Derive: derive}).judge(tt.r)
		code := ""
		if len(got.Reasons) > 0 {
			code = got.Reasons[0].Code
		}
		if got.Verdict != tt.want || code != tt.code {
			t.Errorf("%s: %v %q, want %v %q", tt.name, got.Verdict, code, tt.want, tt.code)
		}
	}
}

// Every code that can come out has its words in both languages.
func TestReasonsHaveTexts(t *testing.T) {
	codes := map[string]bool{}
	for _, file := range []string{"case.go", "validity.go", "../../internal/credential/codes.go"} {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		body, _, _ := strings.Cut(string(source), "// Codes of Reading.Warnings")
		for _, m := range regexp.MustCompile(`c\.find\([^,]+, "([a-z_]+)"|orElse\([^,]+, "([a-z_]+)"\)|(?m:^\t[A-Z]\w+ += "([a-z_]+)")`).FindAllStringSubmatch(body, -1) {
			codes[m[1]+m[2]+m[3]] = true
		}
	}
	for _, c := range []string{credential.WarnNoIdentity, credential.WarnSchema, credential.WarnSignerDates} {
		codes[c] = true
	}
	if len(codes) < 30 {
		t.Fatalf("found only %d codes in the sources: %v", len(codes), codes)
	}
	for _, lang := range text.Languages() {
		for c := range codes {
			if !text.Load(lang).Has("reason." + c) {
				t.Errorf("%s: no text for reason.%s", lang, c)
			}
		}
	}
}
