package rules

import (
	"testing"
	"time"
)

func TestReadTest(t *testing.T) {
	at := func(s string) time.Time {
		x, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	for line, want := range map[string]Test{
		"":                               {},
		"pcr":                            {},
		"pcr negative 2021-09-30T08:00":  {Negative, at("2021-09-30T08:00:00+07:00")},
		"nhanh âm 30/09/2021":            {Negative, at("2021-09-30T00:00:00+07:00")},
		"DƯƠNG tính 2021-09-30":          {Positive, at("2021-09-30T00:00:00+07:00")},
		"rapid + 2021-09-30T01:00:00Z":   {Positive, at("2021-09-30T01:00:00Z")},
		"2021-09-31 negative":            {Result: Negative},
		"negative\x00 \xff 9999999-99-9": {},
	} {
		if got := ReadTest(line); got.Result != want.Result || !got.At.Equal(want.At) {
			t.Errorf("%q: got %+v, want %+v", line, got, want)
		}
	}
}

func TestNewestTest(t *testing.T) {
	now := time.Date(2021, 10, 1, 5, 0, 0, 0, time.UTC) // 12:00 in Huế
	for _, tt := range []struct {
		name   string
		tests  []string
		result string
		hours  int
	}{
		{"none", nil, "", Never},
		{"one", []string{"pcr negative 2021-10-01T02:00"}, Negative, 10},
		{"the newest counts", []string{"quick negative 2021-10-01T02:00", "pcr positive 2021-10-01T11:30", "pcr negative 2021-09-01"}, Positive, 0},
		{"without a time", []string{"negative"}, Negative, Never},
		{"a time beats none", []string{"negative", "positive 2021-09-30"}, Positive, 36},
		{"of tomorrow", []string{"negative 2021-10-02"}, "", Never},
		{"no result", []string{"pcr 2021-10-01"}, "", Never},
	} {
		if result, hours := NewestTest(tt.tests, now); result != tt.result || hours != tt.hours {
			t.Errorf("%s: %q %d, want %q %d", tt.name, result, hours, tt.result, tt.hours)
		}
	}
}
